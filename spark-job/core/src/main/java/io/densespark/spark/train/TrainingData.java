package io.densespark.spark.train;

import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** The images that a run trains on, on the driver. */
interface TrainingData {
    DataFacts facts();

    /** How ranks come to their images. */
    Feeder feeder();

    /**
     * The rows that ranks read, in a partition for each; none where ranks read the images themselves.
     */
    Optional<JavaRDD<Row>> rows(int worldSize);
}
