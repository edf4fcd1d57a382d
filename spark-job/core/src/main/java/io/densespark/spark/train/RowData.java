package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The images of a DataFrame. Its rows go to the ranks by one shuffle, evenly, whatever its partitions; what Spark has
 * shuffled is on the executors' local disks, so that a new attempt decodes only what was lost.
 */
public final class RowData implements TrainingData {
    private final Dataset<Row> rows;
    private final DataFacts facts;

    /**
     * Images with their labels.
     *
     * @param rows as {@link TrainingRows#SCHEMA} has them
     * @param shape of every image
     * @param classes by label
     * @param trainImages rows that are learnt from; settings may keep some of them aside
     * @param hasValidation whether some rows are marked for validation
     * @param checksum tells other images apart, for a run that goes on from a checkpoint
     */
    public RowData(
            Dataset<Row> rows,
            ImageShape shape,
            List<String> classes,
            int trainImages,
            boolean hasValidation,
            String checksum) {
        this.rows = rows;
        facts = new DataFacts("DataFrame", shape, classes, trainImages, hasValidation, checksum);
    }

    @Override
    public DataFacts facts() {
        return facts;
    }

    @Override
    public Feeder feeder() {
        return new RowFeeder(facts.shape());
    }

    @Override
    public Optional<JavaRDD<Row>> rows(int worldSize) {
        return Optional.of(rows.repartition(worldSize).javaRDD());
    }
}
