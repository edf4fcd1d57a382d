package io.densespark.data;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDescriptionTest {
    private static final String SHA_A = "a".repeat(64);
    private static final String SHA_B = "b".repeat(64);

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        DatasetDescription written = description(shards("x"));
        written.write(conf, path());
        assertThat(DatasetDescription.read(conf, path())).isEqualTo(written);
    }

    @Test
    void theFileHasOneFieldForEachComponent() throws IOException {
        description(shards("x")).write(conf, path());
        assertThat(Files.readString(file()))
                .doesNotContain("encoded")
                .startsWith("{\n  \"format\" : 2,\n  \"name\" : \"digits\",")
                .contains("\"mean\" : [ 0.25 ]", "\"counts\" : {\n    \"train\" : 7,\n    \"test\" : 2\n  }")
                .contains("\"file\" : \"train-x-0.parquet\",\n      \"rows\" : 5,\n      \"bytes\" : 50,")
                .endsWith("}\n");
    }

    /** Releases before know format 2 alone, and refuse others by their number. */
    @Test
    void encodedImagesHaveAFormatOfTheirOwn() throws IOException {
        DatasetDescription encoded = description(shards("x")).withEncodedImages();
        encoded.write(conf, path());
        assertThat(Files.readString(file())).startsWith("{\n  \"format\" : 3,").contains("\"encoded\" : true,");
        assertThat(DatasetDescription.read(conf, path())).isEqualTo(encoded).isNotEqualTo(description(shards("x")));

        replace(Files.readString(file()).replace("\"encoded\" : true", "\"encoded\" : false"));
        assertRefused(() -> DatasetDescription.read(conf, path()), "format is 3", "3 of encoded images");
    }

    @Test
    void countsAreTheSumsOfTheShards() {
        DatasetDescription description = description(shards("x"));
        assertThat(description.counts()).containsExactly(Map.entry("train", 7L), Map.entry("test", 2L));
        assertThat(description.count("train")).isEqualTo(7);
    }

    @Test
    void theChecksumIsThatOfTheShardsChecksumsWhateverTheFilesAreCalled() {
        // printf '%s\n' bbb... aaa... bbb... | sha256sum: test comes before train.
        assertThat(description(shards("x")).checksum())
                .isEqualTo("06685a37aa81bb32269727e17252eb9f40dda2080019c1cd12be8d383e9f49b8")
                .isEqualTo(description(shards("y")).checksum());
    }

    @Test
    void aFolderWithoutADescriptionIsNoDataSet() {
        assertRefused(() -> DatasetDescription.read(conf, path()), path().toString(), "not a prepared data set");
    }

    @Test
    void aTruncatedDescriptionIsNamed() throws IOException {
        description(shards("x")).write(conf, path());
        String whole = Files.readString(file());
        replace(whole.substring(0, whole.length() / 2));
        assertRefused(() -> DatasetDescription.read(conf, path()), "dataset.json is damaged", "run prepare again");
        replace("");
        assertRefused(() -> DatasetDescription.read(conf, path()), "dataset.json is damaged", "run prepare again");
    }

    @Test
    void aDescriptionOfAnotherFormatIsNamedBeforeItsFieldsAreLookedAt() throws IOException {
        replace("{\"format\": 1, \"unheard\": []}");
        assertRefused(() -> DatasetDescription.read(conf, path()), "has format 1", "reads 2", "run prepare again");
    }

    @Test
    void whatIsNoDescriptionAtAllIsNamed() throws IOException {
        replace("null");
        assertRefused(() -> DatasetDescription.read(conf, path()), "dataset.json has format 0");
        replace("[1]");
        assertRefused(() -> DatasetDescription.read(conf, path()), "dataset.json is damaged", "run prepare again");
        replace("{}");
        assertRefused(() -> DatasetDescription.read(conf, path()), "dataset.json has format 0");
    }

    @Test
    void anEditedDescriptionIsRefusedWithItsFault() throws IOException {
        assertEditRefused("\"rows\" : 5", "\"rows\" : 6", "counts {train=7, test=2} are not the sums");
        assertEditRefused("\"rows\" : 5", "\"rows\" : 0", "train-x-0.parquet is listed with 0 rows");
        assertEditRefused(SHA_B, "c".repeat(64), "is not that of the listed shards");
        assertEditRefused(SHA_B, "c", "which is not 64 hexadecimal digits");
        assertEditRefused("\"height\" : 28", "\"height\" : 0", "0x28x1");
        assertEditRefused("\"mean\" : [ 0.25 ]", "\"mean\" : [ ]", "mean doesn't have one value");
        assertEditRefused("\"std\" : [ 0.5 ]", "\"std\" : [ -0.5 ]", "std has a value outside");
        assertEditRefused("\"one\"", "\"zero\"", "two classes share a name");
        assertEditRefused("train-x-1.parquet", "train-x-0.parquet", "train-x-0.parquet is listed twice");
        assertEditRefused("\"test\" : [", "\"exam\" : [", "splits are not train and test");
        assertEditRefused("\"name\" : \"digits\"", "\"name\" : \"\"", "name is missing");
    }

    @Test
    void aShardOutsideTheFolderIsRefused() {
        assertRefused(() -> new Shard("../other.parquet", 1, 1, SHA_A), "'../other.parquet' is not a plain file name");
    }

    @Test
    void anUnknownSplitIsNamed() {
        assertRefused(() -> description(shards("x")).shards("valid"), "no split 'valid'", "[train, test]");
    }

    @Test
    void aDescriptionTravelsToAnotherJvm() throws IOException, ClassNotFoundException {
        DatasetDescription description = description(shards("x"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(description);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(description);
        }
    }

    private void assertEditRefused(String from, String to, String problem) throws IOException {
        description(shards("x")).write(conf, path());
        String whole = Files.readString(file());
        assertThat(whole).contains(from);
        replace(whole.replaceFirst(Pattern.quote(from), to));
        assertRefused(() -> DatasetDescription.read(conf, path()), "dataset.json is damaged", problem);
    }

    /** Hadoop's local file system keeps a checksum beside each file, which would notice first. */
    private void replace(String content) throws IOException {
        Files.deleteIfExists(folder.resolve(".dataset.json.crc"));
        Files.writeString(file(), content);
    }

    private Path path() {
        return new Path(folder.toUri());
    }

    private java.nio.file.Path file() {
        return folder.resolve("dataset.json");
    }

    private static DatasetDescription description(Map<String, List<Shard>> splits) {
        return DatasetDescription.of(
                "digits",
                "somewhere",
                List.of("zero", "one"),
                new ImageShape(28, 28, 1),
                List.of(0.25),
                List.of(0.5),
                splits);
    }

    private static Map<String, List<Shard>> shards(String name) {
        Map<String, List<Shard>> splits = new LinkedHashMap<>();
        splits.put(
                "train",
                List.of(
                        new Shard("train-" + name + "-0.parquet", 5, 50, SHA_A),
                        new Shard("train-" + name + "-1.parquet", 2, 20, SHA_B)));
        splits.put("test", List.of(new Shard("test-" + name + "-0.parquet", 2, 20, SHA_B)));
        return splits;
    }
}
