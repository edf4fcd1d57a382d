package io.densespark.benchmark.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.spark.JobException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBenchmarkTest {
    private static final int BLUE = 0x0072B2;

    @TempDir
    private Path folder;

    @Test
    void itPrintsARowADepthAndWritesTheSameAsJson() throws IOException {
        Path json = folder.resolve("rows.json");
        Path plot = folder.resolve("plot.png");
        List<String> lines = run(new MemoryBenchmark(
                        List.of(40, 10), 4, 8, 2, plot.toString(), Optional.of(json.toString())))
                .lines()
                .toList();

        assertThat(lines).hasSize(5);
        assertThat(lines.get(1).strip().split(" +"))
                .containsExactly("depth", "parameters", "naive", "none", "activations", "bottleneck");
        assertThat(lines.get(2)).startsWith("   10  ");
        assertThat(lines.get(3)).startsWith("   40  ");
        assertThat(lines.get(4)).startsWith("plot in ").endsWith(plot.toString());
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).fieldNames())
                .toIterable()
                .containsExactly("depth", "parameters", "naive", "none", "activations", "bottleneck");
        assertThat(rows.get(1).get("naive").asLong())
                .isGreaterThan(rows.get(1).get("none").asLong());
    }

    @Test
    void thePlotHasTheColourOfALine() throws IOException {
        Path plot = folder.resolve("plot.png");

        run(new MemoryBenchmark(List.of(10, 40), 4, 8, 2, plot.toString(), Optional.empty()));

        BufferedImage image = ImageIO.read(plot.toFile());
        assertThat(image.getWidth()).isEqualTo(900);
        int blue = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xFFFFFF) == BLUE) {
                    blue++;
                }
            }
        }
        assertThat(blue).isGreaterThan(200);
    }

    @Test
    void aFileThatCannotBeWrittenIsNamedBeforeAnyWork() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text").resolve("plot.png");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        assertThatThrownBy(() -> new MemoryBenchmark(List.of(40), 4, 8, 2, file.toString(), Optional.empty())
                        .run(new Configuration(), new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting output")
                .hasMessageContaining(file.toString());
        assertThat(printed.size()).isZero();
    }

    private static String run(MemoryBenchmark benchmark) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        benchmark.run(new Configuration(), new PrintStream(text, true, StandardCharsets.UTF_8));
        return text.toString(StandardCharsets.UTF_8);
    }
}
