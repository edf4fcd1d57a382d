package io.densespark.model.backend;

import io.densespark.model.kernels.Backend;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Replica;

/** A replica and its device, which are opened and closed together. */
public record DeviceReplica(Backend backend, Replica replica) implements AutoCloseable {
    /**
     * Opens the settings' device and makes a replica there, as {@link Replica#create}; the calling thread is the one that may
     * use it.
     *
     * @throws io.densespark.model.ModelException as {@link Backends#open}, or if the device has too little memory; nothing
     *     stays allocated then
     */
    public static DeviceReplica open(ReplicaSettings settings) {
        Backend backend = Backends.open(settings.device(), settings.precision());
        try {
            return new DeviceReplica(backend, Replica.create(settings, backend));
        } catch (RuntimeException | Error e) {
            closeAfter(e, backend);
            throw e;
        }
    }

    /** Closes what was opened before {@code error}, which is the one to report: on a lost device nothing closes in order. */
    private static void closeAfter(Throwable error, Backend backend) {
        try {
            backend.close();
        } catch (RuntimeException e) {
            error.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try (backend) {
            replica.close();
        }
    }
}
