package io.densespark.spark.cli;

/**
 * A command that stands in a jar of its own beside the job jar, with commands below it. Found as a service of the class
 * path, so that the job jar carries no more than a training cluster needs.
 */
public interface CommandGroup {
    /** The object with picocli's annotations; a new one for each call. */
    Object command();
}
