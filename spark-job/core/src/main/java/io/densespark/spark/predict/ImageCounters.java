package io.densespark.spark.predict;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What a prediction has come across, on the driver's side of Spark's pages too. Tasks that were run again count twice, but for
 * those of an action's last stage.
 *
 * @param images with a prediction
 * @param bad without
 */
record ImageCounters(LongAccumulator images, LongAccumulator bad) implements Serializable {
    static ImageCounters of(SparkContext sc) {
        return new ImageCounters(sc.longAccumulator("images predicted"), sc.longAccumulator("bad images"));
    }
}
