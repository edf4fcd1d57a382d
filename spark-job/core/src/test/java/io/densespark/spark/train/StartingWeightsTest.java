package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ImportReport;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingWeightsTest {
    private static final DenseNetSpec SPEC = DenseNetSpec.bc(10, 4, 1, 3);
    private static final ParameterLayout LAYOUT = ParameterLayout.of(SPEC);
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    private static Map<String, NamedTensor> weightsOf(DenseNetSpec spec) {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        ParameterLayout layout = ParameterLayout.of(spec);
        List<Parameter> all = new ArrayList<>(layout.parameters());
        all.addAll(layout.runningStatistics());
        all.forEach(p -> tensors.put(p.name(), new NamedTensor(p.shape(), new float[p.elements()])));
        return tensors;
    }

    private static byte[] bytesOf(DenseNetSpec spec) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Safetensors.write(weightsOf(spec), bytes);
        return bytes.toByteArray();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("weights.safetensors"), bytes);
    }

    private static StartingWeights read(Path path) {
        return StartingWeights.read(path.toString(), LAYOUT, CONF);
    }

    @Test
    void aSafetensorsFileIsReadWithItsDigest() throws IOException {
        StartingWeights found = read(file(bytesOf(SPEC)));
        assertThat(found.weights().report().missing()).isEmpty();
        assertThat(found.sha256()).hasSize(64);
        assertThat(StartingWeights.read(folder.resolve("weights.safetensors").toString(), found.sha256(), LAYOUT, CONF)
                        .report())
                .isEqualTo(found.weights().report());
    }

    @Test
    void aModelFolderOfOtherClassesLeavesOutItsClassifier() throws IOException {
        DenseNetSpec other = DenseNetSpec.bc(10, 4, 1, 5);
        ModelDescription description = new ModelDescription(
                other, List.of("a", "b", "c", "d", "e"), List.of(0.5), List.of(0.2), new ImageShape(8, 8));
        new ModelFolder(description, weightsOf(other)).write(new org.apache.hadoop.fs.Path(folder.toString()), CONF);
        ImportReport report = read(folder).weights().report();
        assertThat(report.otherClassifier()).containsExactly("classifier.weight", "classifier.bias");
        assertThat(report.source()).endsWith("model.safetensors");
    }

    @Test
    void aFileThatHasChangedSinceTheDriverReadItIsRefused() throws IOException {
        String digest = read(file(bytesOf(SPEC))).sha256();
        byte[] bytes = bytesOf(SPEC);
        bytes[bytes.length - 1] = 1;
        String path = file(bytes).toString();
        assertThatThrownBy(() -> StartingWeights.read(path, digest, LAYOUT, CONF))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(path)
                .hasMessageContaining("have changed");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> read(folder.resolve("none.safetensors")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("none.safetensors")
                .hasMessageContaining("--init");
        assertThatThrownBy(() -> read(folder)).isInstanceOf(JobException.class).hasMessageContaining("no model folder");
        assertThatThrownBy(() -> StartingWeights.read("nosuch://there/file", LAYOUT, CONF))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("nosuch");
    }

    @Test
    void whatIsDamagedOrAnotherNetworksIsRefused() throws IOException {
        byte[] whole = bytesOf(SPEC);
        requireRefused(Arrays.copyOf(whole, whole.length / 2), "truncated");
        requireRefused(
                "no safetensors file at all".getBytes(java.nio.charset.StandardCharsets.UTF_8), "no valid safetensors");
        requireRefused(bytesOf(DenseNetSpec.bc(10, 6, 1, 3)), "has shape");
    }

    private void requireRefused(byte[] bytes, String reason) throws IOException {
        Path path = file(bytes);
        assertThatThrownBy(() -> read(path))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(reason);
    }
}
