package io.densespark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.fixture.CifarFolder;
import io.densespark.data.shard.ShardReader;
import io.densespark.data.source.Cifar10Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The user's language changes neither names nor numbers in files: Arabic has other digits, Turkish another i. */
class LanguageTest {
    private final Locale language = Locale.getDefault();
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @AfterEach
    void restoreLanguage() {
        Locale.setDefault(language);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "tr-TR", "de-DE"})
    void aDataSetIsTheSameInEveryLanguage(String tag) throws IOException {
        CifarFolder.write(folder.resolve("cifar"), 2);
        Locale.setDefault(Locale.ROOT);
        DatasetDescription reference = prepare("reference");

        Locale.setDefault(Locale.forLanguageTag(tag));
        prepare("prepared");

        DatasetDescription read = DatasetDescription.read(conf, path("prepared"));
        assertThat(read.checksum()).isEqualTo(reference.checksum());
        assertThat(read.shards("train").stream().map(Shard::file))
                .allMatch(file -> file.matches("train-0000[0-2]-[0-9a-f]{8}\\.parquet"));
        assertThat(json("prepared").replaceAll("-[0-9a-f]{8}\\.", "."))
                .isEqualTo(json("reference").replaceAll("-[0-9a-f]{8}\\.", "."));
        ShardReader reader = new ShardReader(conf, path("prepared"), read);
        assertThat(reader.read(read.shards("train").get(2)).labels())
                .containsExactly(CifarFolder.label(8), CifarFolder.label(9));
    }

    private DatasetDescription prepare(String name) {
        return Prepare.run(Cifar10Source.open(conf, path("cifar")), conf, path(name), new PrepareSettings(4, false));
    }

    private String json(String name) throws IOException {
        return Files.readString(folder.resolve(name).resolve(DatasetDescription.FILE_NAME), StandardCharsets.US_ASCII);
    }

    private Path path(String name) {
        return new Path(folder.resolve(name).toUri());
    }
}
