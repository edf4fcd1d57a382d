package io.densespark.model.collective;

import org.jspecify.annotations.Nullable;

/** A collective can't complete because a rank is gone or silent. Training can go on from a checkpoint. */
public final class PeerLostException extends RuntimeException {
    public PeerLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
