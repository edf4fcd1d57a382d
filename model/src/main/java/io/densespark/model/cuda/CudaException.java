package io.densespark.model.cuda;

import io.densespark.model.ModelException;
import org.jspecify.annotations.Nullable;

/** A GPU, or the CUDA on this machine, isn't fit for what was asked. */
public final class CudaException extends ModelException {
    CudaException(String facts, String remedy, @Nullable Throwable cause) {
        super(facts, remedy, cause);
    }
}
