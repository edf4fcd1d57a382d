package io.densespark.spark.barrier;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.BarrierTaskContext;

/**
 * What each task of a {@link BarrierJob} does with its partition of an RDD. It travels to the executors by Java
 * serialization.
 */
@FunctionalInterface
public interface BarrierTask<T, R> extends Serializable {

    /**
     * Runs one rank; {@code context.partitionId()} is its number.
     *
     * <p>A failure that another attempt would meet again should be returned as a value, not thrown: the driver gets it
     * at once, whereas an exception ends all ranks of the stage.
     *
     * @param elements of the rank's partition, to be read once
     * @return the rank's result, sent to the driver by Java serialization; may be null
     * @throws Exception anything; the stage fails with it (see {@link BarrierFailedException})
     */
    R call(BarrierTaskContext context, Iterator<T> elements) throws Exception;
}
