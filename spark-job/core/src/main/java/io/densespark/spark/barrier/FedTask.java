package io.densespark.spark.barrier;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.BarrierTaskContext;

/**
 * What each task of a {@link BarrierJob} does with its partition of an RDD. It travels to the executors by Java
 * serialization.
 */
@FunctionalInterface
public interface FedTask<T, R> extends Serializable {

    /**
     * Runs one rank, as {@link BarrierTask#call} does.
     *
     * @param elements of the rank's partition, to be read once
     */
    R call(BarrierTaskContext context, Iterator<T> elements) throws Exception;
}
