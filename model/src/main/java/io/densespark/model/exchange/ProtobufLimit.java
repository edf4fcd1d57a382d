package io.densespark.model.exchange;

import io.densespark.model.ModelException;
import io.densespark.model.network.ParameterLayout;

/** Formats that are one protobuf message can't hold a model of any size. */
public final class ProtobufLimit {
    /** A message has less than 2^31 bytes; what isn't parameters or running statistics is far smaller than the rest. */
    private static final long LARGEST_TENSORS = Integer.MAX_VALUE - (1L << 26);

    private ProtobufLimit() {}

    /**
     * Asks before the work whether a network fits.
     *
     * @param file what to call the file in an error
     * @throws ModelException if it has more tensors than such a file can hold
     */
    public static void require(ParameterLayout layout, String file) {
        long bytes = Float.BYTES * (layout.parameterCount() + layout.runningCount());
        if (bytes > LARGEST_TENSORS) {
            throw new ModelException("the model has " + bytes + " bytes of tensors, " + file + " can't have more than "
                    + LARGEST_TENSORS + ": export it as safetensors");
        }
    }
}
