package io.densespark.spark.barrier;

import java.io.Serializable;

/** What each task of a {@link SliceJob} does. It travels to the executors by Java serialization. */
@FunctionalInterface
public interface SliceTask<R> extends Serializable {
    /**
     * Works on one slice, counted from 0.
     *
     * @return the slice's result, sent to the driver by Java serialization; may be null
     * @throws Exception anything; Spark tries the task again as often as it is told to
     */
    R call(int slice) throws Exception;
}
