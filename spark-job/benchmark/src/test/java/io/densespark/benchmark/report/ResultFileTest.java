package io.densespark.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void theWholeTextReplacesWhatWasThereAndNothingElseIsLeft() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows.json"), "old");
        ResultFile file = ResultFile.at(rows.toString(), "json", conf);
        assertThat(rows).hasContent("old");

        file.write("nëw");

        assertThat(rows).hasContent("nëw");
        assertThat(names()).containsExactly("rows.json");
    }

    @Test
    void aUriWithASchemeIsHadoops() throws IOException {
        Path rows = folder.resolve("below/rows 1.json");

        ResultFile.at("file://" + rows, "json", conf).write("text");

        assertThat(rows).hasContent("text");
    }

    @Test
    void aPathWithoutASchemeIsTheDriversWhateverHadoopsDefaultIs() throws IOException {
        conf.set("fs.defaultFS", "hdfs://nowhere.invalid:1");
        Path rows = folder.resolve("rows.json");

        ResultFile.at(rows.toString(), "json", conf).write("text");

        assertThat(rows).hasContent("text");
        assertThat(ResultFile.at("target/rows.json", "json", conf).toString())
                .endsWith(Path.of("target/rows.json").toAbsolutePath().toString());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithItsSetting() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        List<String> places = List.of(
                folder.toString(),
                file.resolve("rows.json").toString(),
                "/proc/rows.json",
                "nosuchscheme://a/rows.json");
        for (String place : places) {
            assertThatThrownBy(() -> ResultFile.at(place, "report", conf))
                    .isInstanceOf(JobException.class)
                    .hasMessageStartingWith("setting report " + place + " can't be written (");
        }
        assertThat(names()).containsExactly("file");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
