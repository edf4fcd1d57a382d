package io.densespark.data.records;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A Parquet file with the note that Hugging Face's library leaves, for images of cats and dogs. */
final class HuggingFaceFile {
    private static final String NOTE = """
            {"info": {"features": {"image": {"_type": "Image"},
             "label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}}, "fingerprint": "1"}""";

    private HuggingFaceFile() {}

    static void write(Dataset<Row> rows, Path folder, String name) throws IOException {
        Path plain = folder.resolve("plain");
        rows.coalesce(1).write().mode("overwrite").parquet(plain.toUri().toString());
        Configuration conf = new Configuration();
        Path part;
        try (Stream<Path> files = Files.list(plain)) {
            part = files.filter(file -> file.getFileName().toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        org.apache.hadoop.fs.Path from = new org.apache.hadoop.fs.Path(part.toUri());
        org.apache.hadoop.fs.Path to =
                new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
        try (ParquetFileReader footer = ParquetFileReader.open(HadoopInputFile.fromPath(from, conf));
                ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), from)
                        .withConf(conf)
                        .build();
                ParquetWriter<Group> writer = ExampleParquetWriter.builder(to)
                        .withConf(conf)
                        .withType(footer.getFileMetaData().getSchema())
                        .withExtraMetaData(Map.of("huggingface", NOTE))
                        .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                writer.write(row);
            }
        }
    }
}
