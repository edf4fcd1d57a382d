package io.densespark.spark.harness;

import java.time.Duration;

/** A job that {@link SparkSubmit} started. Closing it ends the driver and what the driver started. */
public final class SubmittedJob implements AutoCloseable {

    private final SparkProcess driver;

    SubmittedJob(SparkProcess driver) {
        this.driver = driver;
    }

    /** What a job left behind. */
    public record Result(int exitStatus, String stdout, String stderr) {}

    /** The driver's process id. */
    public long pid() {
        return driver.pid();
    }

    /** What the job has printed so far. */
    public String stdout() {
        return driver.stdout();
    }

    /** What the job has logged so far. */
    public String stderr() {
        return driver.stderr();
    }

    public boolean isRunning() {
        return driver.isAlive();
    }

    /**
     * Waits for the end of the job.
     *
     * @param limit a safety net, not an expectation
     * @throws AssertionError if the job still runs after {@code limit}; it is killed then
     */
    public Result await(Duration limit) {
        int exitStatus = driver.await(limit);
        return new Result(exitStatus, stdout(), stderr());
    }

    @Override
    public void close() {
        driver.close();
    }
}
