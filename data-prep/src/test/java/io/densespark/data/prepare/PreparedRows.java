package io.densespark.data.prepare;

import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** The rows of a prepared data set as any Parquet reader sees them. */
final class PreparedRows {
    private PreparedRows() {}

    static List<Group> of(DatasetDescription dataset, Path folder, String split) {
        List<Group> rows = new ArrayList<>();
        dataset.shards(split).forEach(shard -> rows.addAll(of(shard, folder)));
        return rows;
    }

    static List<Group> of(Shard shard, Path folder) {
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), new Path(folder, shard.file()))
                .withConf(new Configuration())
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + shard, e);
        }
        return rows;
    }

    static List<String> keys(DatasetDescription dataset, Path folder, String split) {
        return of(dataset, folder, split).stream()
                .map(row -> row.getString("key", 0))
                .toList();
    }
}
