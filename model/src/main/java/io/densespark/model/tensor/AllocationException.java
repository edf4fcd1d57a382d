package io.densespark.model.tensor;

import io.densespark.model.ModelException;
import org.jspecify.annotations.Nullable;

/** A device has too little free memory. */
public final class AllocationException extends ModelException {
    /**
     * @param bytes that were asked for
     * @param reason the library's words
     */
    public AllocationException(long bytes, Device device, String reason, @Nullable Throwable cause) {
        super(
                "no memory for " + bytes + " bytes on " + device + " (" + reason + ")",
                "use a smaller batch or more replicas",
                cause);
    }
}
