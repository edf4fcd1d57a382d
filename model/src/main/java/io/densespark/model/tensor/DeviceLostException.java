package io.densespark.model.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A device broke off its work. This process can't use it any more, whatever is asked of it; another process may, or another
 * device.
 */
public final class DeviceLostException extends RuntimeException {
    public DeviceLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
