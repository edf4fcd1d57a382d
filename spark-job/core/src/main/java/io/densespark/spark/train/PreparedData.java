package io.densespark.spark.train;

import io.densespark.data.DatasetDescription;
import io.densespark.data.shard.ShardReader;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** A data set that {@code prepare} wrote. */
record PreparedData(Path folder, DatasetDescription description) implements TrainingData {
    /**
     * Reads what the data set says of itself.
     *
     * @throws io.densespark.data.DataException if there is none, it has other labels than one class an image, or shards are
     *     missing
     */
    static PreparedData read(Path folder, Configuration conf) {
        DatasetDescription description = DatasetDescription.read(conf, folder);
        description.requirePlainLabels();
        ShardReader.requireThere(conf, folder, description, description.counts().keySet());
        return new PreparedData(folder, description);
    }

    @Override
    public DataFacts facts() {
        return new DataFacts(
                description.name(),
                description.shape(),
                description.classes(),
                Math.toIntExact(description.count(DatasetDescription.TRAIN)),
                description.hasValidation(),
                description.checksum());
    }

    @Override
    public Feeder feeder() {
        return new PreparedFeeder(folder, description.checksum());
    }

    @Override
    public Optional<JavaRDD<Row>> rows(int worldSize) {
        return Optional.empty();
    }
}
