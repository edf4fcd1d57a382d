package io.densespark.model.cuda;

import io.densespark.model.ModelException;
import org.jspecify.annotations.Nullable;

/** CUDA, or a library on it, refused what was asked of it. */
public final class CudaException extends ModelException {
    CudaException(String facts, String remedy, @Nullable Throwable cause) {
        super(facts, remedy, cause);
    }
}
