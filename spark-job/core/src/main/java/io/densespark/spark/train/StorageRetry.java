package io.densespark.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what storage refuses: a name node that starts anew, a disk on which somebody makes room. What is refused for longer
 * isn't going to work.
 *
 * @param patience from the first failure to the last try
 * @param pause between two tries
 */
record StorageRetry(Duration patience, Duration pause) {
    static final StorageRetry USUAL = new StorageRetry(Duration.ofMinutes(2), Duration.ofSeconds(2));

    private static final Logger LOG = LoggerFactory.getLogger(StorageRetry.class);

    /** What storage does. */
    @FunctionalInterface
    interface Call<T> {
        T call() throws IOException;
    }

    /**
     * Does it, once or more often; the first failure goes to the log.
     *
     * @param what it is, for people, such as "write checkpoint x"
     * @throws IOException of the last try
     */
    <T> T call(String what, Call<T> call) throws IOException {
        long end = 0;
        while (true) {
            try {
                return call.call();
            } catch (IOException e) {
                long now = System.nanoTime();
                if (end == 0) {
                    LOG.warn("can't {}; it is tried again for {} s: {}", what, patience.toSeconds(), e.getMessage(), e);
                    end = now + patience.toNanos();
                }
                if (now >= end || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                sleep(e);
            }
        }
    }

    private void sleep(IOException failure) throws IOException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            IOException interrupted = new InterruptedIOException("interrupted while storage was tried again");
            interrupted.addSuppressed(failure);
            throw interrupted;
        }
    }
}
