package io.densespark.data.batch;

/** What is done with threads of one's own. */
final class Threads {
    private Threads() {}

    /** Waits for a thread's end, also if this one is interrupted: that is told again then. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
