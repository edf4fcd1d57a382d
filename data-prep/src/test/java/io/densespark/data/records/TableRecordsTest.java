package io.densespark.data.records;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.densespark.data.LabelKind;
import io.densespark.data.fixture.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rows of tables say, in all the forms that labels have. */
class TableRecordsTest {
    private final SparkSession spark = LocalSpark.session();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void pathsInCsvStartFromTheFolderOfTheFile() throws IOException {
        write("labels.csv", "path,label", "a/1.jpg,cat", "\"b, c/2.jpg\",\"a \"\"dog\"\"\"", "/else/3.jpg,cat");

        Map<String, ImageRecord> records = read(CsvSource.open(spark, path("labels.csv"), columns()));

        assertThat(records.get("a/1.jpg").path()).contains("file:" + folder + "/a/1.jpg");
        assertThat(records.get("a/1.jpg").present()).containsExactly("cat");
        assertThat(records.get("b, c/2.jpg").present()).containsExactly("a \"dog\"");
        assertThat(records.get("/else/3.jpg").path()).contains("/else/3.jpg");
        assertThat(records.values()).allMatch(record -> record.problem().isEmpty());
    }

    @Test
    void pathsMayStartFromAnotherFolder() throws IOException {
        write("labels.csv", "path,label", "a/1.jpg,cat");
        TableColumns columns = new TableColumns(
                "path",
                Optional.of("label"),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("hdfs://name/images"));

        ImageRecord record =
                read(CsvSource.open(spark, path("labels.csv"), columns)).get("a/1.jpg");

        assertThat(record.path()).contains("hdfs://name/images/a/1.jpg");
    }

    @Test
    void whatIsWrongWithARowIsItsProblem() throws IOException {
        write(
                "labels.csv",
                "path,label,set,patient,w",
                "1,,train,p,1",
                "2,a,exam,p,1",
                "3,a,Val,p,x",
                "4,a,test,,2.5",
                ",a,test,p,1");
        TableColumns columns = new TableColumns(
                "path",
                Optional.of("label"),
                List.of(),
                false,
                Optional.of("set"),
                Optional.of("patient"),
                Optional.of("w"),
                Optional.empty(),
                Optional.empty());

        Map<String, ImageRecord> records = read(CsvSource.open(spark, path("labels.csv"), columns));

        assertThat(records.get("1").problem()).contains("its label is missing");
        assertThat(records.get("2").problem()).contains("its split 'exam' is none of train, validation and test");
        assertThat(records.get("3").problem()).contains("its weight 'x' is no number of 0 or more");
        assertThat(records.get("4").weight()).contains(2.5);
        assertThat(records.get("4").group()).isEmpty();
        assertThat(records.get("4").split()).contains("test");
        assertThat(records.keySet()).anyMatch(key -> key.startsWith("a row of ") && key.endsWith("labels.csv"));
    }

    @Test
    void severalLabelsAreSeparatedByBarsOrAreAnArray() throws IOException {
        write("labels.csv", "path,label", "1,A|B", "2, A | ");
        write("labels.jsonl", "{\"path\": \"1\", \"label\": [\"A\", \"B\"]}", "{\"path\": \"2\", \"label\": []}");
        TableColumns columns = several(Optional.of("label"), List.of());

        Map<String, ImageRecord> csv = read(CsvSource.open(spark, path("labels.csv"), columns));
        assertThat(csv.get("1").present()).containsExactly("A", "B");
        assertThat(csv.get("2").present()).containsExactly("A");
        RecordSource jsonl = JsonlSource.open(spark, path("labels.jsonl"), columns);
        assertThat(jsonl.labels()).isEqualTo(LabelKind.MULTI);
        assertThat(read(jsonl).get("1").present()).containsExactly("A", "B");
        assertThat(read(jsonl).get("2").present()).isEmpty();
        assertThat(read(jsonl).get("2").problem()).isEmpty();
    }

    @Test
    void columnsOfClassesTellPresentAbsentAndUnknown() throws IOException {
        write("labels.csv", "path,Edema,Fracture,Mass", "1,1.0,0,-1", "2,,1,1", "3,0,0,0", "4,2,0,0");
        TableColumns columns = several(Optional.empty(), List.of("Edema", "Fracture", "Mass"));

        RecordSource source = CsvSource.open(spark, path("labels.csv"), columns);
        Map<String, ImageRecord> records = read(source);

        assertThat(source.classes()).contains(List.of("Edema", "Fracture", "Mass"));
        assertThat(records.get("1").present()).containsExactly("Edema");
        assertThat(records.get("1").unknown()).containsExactly("Mass");
        assertThat(records.get("2").present()).containsExactly("Fracture", "Mass");
        assertThat(records.get("2").unknown()).containsExactly("Edema");
        assertThat(records.get("3").present()).isEmpty();
        assertThat(records.get("4").problem())
                .contains("its column 'Edema' is '2', which is none of 1, 0, -1 and nothing");
    }

    @Test
    void oneHotColumnsGiveOneClass() throws IOException {
        write("labels.csv", "path,cat,dog", "1,0,1", "2,1,1", "3,0,0");
        TableColumns columns = new TableColumns(
                "path",
                Optional.empty(),
                List.of("cat", "dog"),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        Map<String, ImageRecord> records = read(CsvSource.open(spark, path("labels.csv"), columns));

        assertThat(records.get("1").present()).containsExactly("dog");
        assertThat(records.get("2").problem()).contains("it has the labels [cat, dog], where one is expected");
        assertThat(records.get("3").problem()).contains("its label is missing");
    }

    @Test
    void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        write("labels.csv", "file,label", "1,a");
        assertThatExceptionOfType(NoSuchColumnException.class)
                .isThrownBy(() -> CsvSource.open(spark, path("labels.csv"), columns()))
                .satisfies(e -> assertThat(e.role()).isEqualTo(NoSuchColumnException.Role.IMAGE))
                .withMessageContaining("labels.csv has no column 'path', but [file, label]");
    }

    @Test
    void allCsvFilesOfAFolderAreReadAndNothingElse() throws IOException {
        write("a.csv", "path,label", "1,a");
        write("b.csv", "path,label", "2,b");
        write("notes.txt", "path,label", "3,c");

        assertThat(read(CsvSource.open(spark, new Path(folder.toUri()), columns())))
                .containsOnlyKeys("1", "2");
        assertRefused(() -> JsonlSource.open(spark, new Path(folder.toUri()), columns()), ".jsonl", "has no file");
        assertRefused(() -> CsvSource.open(spark, path("gone.csv"), columns()), "gone.csv doesn't exist");
    }

    @Test
    void huggingFaceFilesHaveBytesNamesOfClassesAndSplits() throws IOException {
        StructType image = new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
        StructType schema = new StructType().add("image", image).add("label", DataTypes.LongType);
        List<Row> rows = List.of(row(new byte[] {1}, 0), row(new byte[] {2}, 1), row(new byte[] {3}, 7));
        HuggingFaceFile.write(spark.createDataFrame(rows, schema), folder, "train-00000-of-00001.parquet");
        HuggingFaceFile.write(spark.createDataFrame(rows, schema), folder, "test-00000-of-00001.parquet");

        RecordSource source = ParquetSource.open(spark, new Path(folder.toUri()), TableColumns.of("image", "label"));
        Map<String, ImageRecord> records = read(source);

        assertThat(source.classes()).contains(List.of("cat", "dog"));
        assertThat(source.holdsImages()).isTrue();
        ImageRecord dog = records.get("train-00000-of-00001.parquet#1");
        assertThat(dog.present()).containsExactly("dog");
        assertThat(dog.image()).containsExactly(2);
        assertThat(dog.split()).contains("train");
        assertThat(records.get("test-00000-of-00001.parquet#0").split()).contains("test");
        assertThat(records.values())
                .filteredOn(record -> record.problem().isPresent())
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.problem()).contains("its label '7' is not in 0 to 1"));
    }

    @Test
    void imagesInATableNeedNames() {
        Dataset<Row> table = spark.createDataFrame(
                List.of(RowFactory.create(new byte[] {1}, "a", "x")),
                new StructType()
                        .add("image", DataTypes.BinaryType)
                        .add("label", DataTypes.StringType)
                        .add("name", DataTypes.StringType));
        assertRefused(
                () -> TableSource.of(spark, "t", "table t", table, TableColumns.of("image", "label")),
                "table t holds images that have no names");
        table.createOrReplaceTempView("pictures");
        TableColumns columns = new TableColumns(
                "image",
                Optional.of("label"),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("name"),
                Optional.empty());
        assertThat(read(TableSource.named(spark, "pictures", columns))).containsOnlyKeys("x");
        assertRefused(() -> TableSource.named(spark, "no_such", columns), "there is no table no_such in Spark");
    }

    private static Row row(byte[] bytes, long label) {
        return RowFactory.create(RowFactory.create(bytes, null), label);
    }

    private static TableColumns columns() {
        return TableColumns.of("path", "label");
    }

    private static TableColumns several(Optional<String> label, List<String> classes) {
        return new TableColumns(
                "path",
                label,
                classes,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Map<String, ImageRecord> read(RecordSource source) {
        Map<String, ImageRecord> records = new HashMap<>();
        source.records(true).collectAsList().forEach(row -> {
            ImageRecord record = ImageRecord.of(row);
            records.put(record.key(), record);
        });
        return records;
    }

    private void write(String file, String... lines) throws IOException {
        Files.write(folder.resolve(file), List.of(lines));
    }

    private Path path(String name) {
        return new Path(folder.resolve(name).toUri());
    }
}
