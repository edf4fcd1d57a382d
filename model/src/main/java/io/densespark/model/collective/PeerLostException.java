package io.densespark.model.collective;

/** A collective can't complete because a rank is gone or silent. Training can go on from a checkpoint. */
public final class PeerLostException extends RuntimeException {
    public PeerLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
