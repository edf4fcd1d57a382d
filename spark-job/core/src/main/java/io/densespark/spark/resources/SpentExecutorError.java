package io.densespark.spark.resources;

import io.densespark.model.tensor.DeviceLostException;

/**
 * This executor's GPU broke off its work, and no thread of this process gets it back. Spark ends an executor whose task
 * throws an error of the Java machine's own kind (with exit status 50), and gives its tasks another; an exception would let
 * it try again where nothing can succeed.
 */
public final class SpentExecutorError extends VirtualMachineError {
    public SpentExecutorError(DeviceLostException cause) {
        super(cause.getMessage(), cause);
    }
}
