package io.densespark.spark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The GPU discovery script, with an nvidia-smi that prints what the real one's manual shows. */
class GpuDiscoveryTest {
    private static final Path SCRIPT = Path.of("..", "..", "conf", "gpu-discovery.sh");

    @TempDir
    private Path folder;

    private record Outcome(int exitStatus, String output) {
        List<String> addresses() {
            assertThat(exitStatus).as(output).isZero();
            ResourceInformation parsed = ResourceInformation.parseJson(output);
            assertThat(parsed.name()).isEqualTo("gpu");
            return List.of(parsed.addresses());
        }
    }

    private Outcome discover(String list, int status, Map<String, String> environment) throws Exception {
        Path nvidiaSmi = folder.resolve("nvidia-smi");
        Files.writeString(nvidiaSmi, "#!/bin/sh\ncat <<'END'\n" + list + "END\nexit " + status + "\n");
        Files.setPosixFilePermissions(nvidiaSmi, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString()).redirectErrorStream(true);
        builder.environment().remove("CUDA_VISIBLE_DEVICES");
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    @Test
    void gpusAreNamedByIndexAndMigInstancesByUuid() throws Exception {
        String list = """
                GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)
                  MIG 3g.20gb     Device  0: (UUID: MIG-c7384736-a75d-5afc-978f-d2f1294409fd)
                  MIG 3g.20gb     Device  1: (UUID: MIG-a28ad590-3fda-56dd-84fc-0a0b96edc58d)
                GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-63feeb45-94c6-b9cb-78ea-98e9b7a5be6b)
                """;

        assertThat(discover(list, 0, Map.of()).addresses())
                .containsExactly(
                        "MIG-c7384736-a75d-5afc-978f-d2f1294409fd", "MIG-a28ad590-3fda-56dd-84fc-0a0b96edc58d", "1");
    }

    @Test
    void whatCudaIsTaughtToShowComesFirst() throws Exception {
        assertThat(discover("GPU 0: X (UUID: GPU-0)\n", 0, Map.of("CUDA_VISIBLE_DEVICES", "4, MIG-7"))
                        .addresses())
                .containsExactly("4", "MIG-7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "NoDevFiles", "none,0", "void"})
    void whatHidesAllGpusIsNoAddress(String visible) throws Exception {
        assertThat(discover("GPU 0: X (UUID: GPU-0)\n", 0, Map.of("CUDA_VISIBLE_DEVICES", visible))
                        .addresses())
                .isEmpty();
        assertThat(discover("GPU 0: X (UUID: GPU-0)\n", 0, Map.of("CUDA_VISIBLE_DEVICES", "2," + visible))
                        .addresses())
                .containsExactly("2");
    }

    @Test
    void aMachineWithoutGpusHasNoAddresses() throws Exception {
        assertThat(discover("", 0, Map.of()).addresses()).isEmpty();
    }

    @Test
    void aDriverThatDoesNotAnswerIsAnError() throws Exception {
        Outcome outcome = discover("NVIDIA-SMI has failed\n", 9, Map.of());

        assertThat(outcome.exitStatus()).isEqualTo(1);
        assertThat(outcome.output()).contains("nvidia-smi -L failed: NVIDIA-SMI has failed");
    }
}
