package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkOutputTest {
    @TempDir
    private Path folder;

    private SparkOutput begin(boolean overwrite) throws IOException {
        return SparkOutput.begin(
                new org.apache.hadoop.fs.Path(folder.resolve("out").toString()), overwrite, new Configuration());
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve("out").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
    }

    @Test
    void aPlaceWithoutFilesIsTaken() throws IOException {
        assertThat(begin(false).path()).hasToString("file:" + folder + "/out");
        // What a job leaves that failed or was killed.
        write("_temporary/0/part-0", ".part-1.crc");
        assertThat(begin(false).path()).hasToString("file:" + folder + "/out");
    }

    @Test
    void anOutputIsReplacedOnlyIfThatIsWanted() throws IOException {
        write("part-0.csv", "_SUCCESS");
        assertThatThrownBy(() -> begin(false))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("exists: give another name, or --overwrite to replace it");
        assertThat(begin(true).path()).hasToString("file:" + folder + "/out");
    }

    @Test
    void otherFilesAreNeverReplaced() throws IOException {
        write("mine.txt");
        assertThatThrownBy(() -> begin(true))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("has files and is no complete output of Spark's (no _SUCCESS)");
        Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> SparkOutput.begin(
                        new org.apache.hadoop.fs.Path(folder.resolve("file").toUri()), true, new Configuration()))
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> SparkOutput.begin(
                        new org.apache.hadoop.fs.Path(folder.resolve("file/a/b").toUri()), true, new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("file/a/b lies below file:" + folder + "/file, which is a file: give another");
    }

    @Test
    void executorsThatSparkLostAreToldInOneLine() throws IOException {
        SparkException lost = new SparkException("Job aborted due to stage failure: Task 1 in stage 1.0 failed 4 times,"
                + " most recent failure: Lost task 1.3 in stage 1.0 (TID 9) (10.0.0.1 executor 4): ExecutorLostFailure"
                + " (executor 4 exited caused by one of the running tasks) Reason: Command exited with code 50\n"
                + "Driver stacktrace:");
        SparkOutput output = begin(false);
        assertThatThrownBy(() -> output.write(() -> {
                    throw new IllegalStateException(new SparkException("Job aborted.", lost));
                }))
                .isInstanceOf(JobException.class)
                .hasMessage(
                        "a task lost its executor 4 times, the last time with ExecutorLostFailure (executor 4 exited"
                                + " caused by one of the running tasks) Reason: Command exited with code 50: see the executors'"
                                + " logs for why (exit status 50 is that of a GPU that broke off)");
    }

    @Test
    void aFolderThatWasNotThereIsNotThereAfterAFailure() throws IOException {
        SparkOutput output = begin(false);
        assertThatThrownBy(() -> output.write(() -> {
                    write("_temporary/0/part-0");
                    throw new JobException("no");
                }))
                .hasMessage("no");
        assertThat(folder.resolve("out")).doesNotExist();

        write("_temporary/0/part-0");
        SparkOutput again = begin(false);
        assertThatThrownBy(() -> again.write(() -> {
                    throw new JobException("no");
                }))
                .hasMessage("no");
        assertThat(folder.resolve("out")).exists();
    }

    @Test
    void theTasksOwnErrorIsTheJobs() throws IOException {
        SparkOutput output = begin(false);
        JobException ofTask = new JobException("an image is bad: take another");
        assertThatThrownBy(() -> output.write(() -> {
                    throw new Exception("Job aborted", new RuntimeException("Task failed", ofTask));
                }))
                .isInstanceOf(JobException.class)
                .hasMessage("an image is bad: take another");
        IllegalArgumentException other = new IllegalArgumentException("something else");
        assertThatThrownBy(() -> output.write(() -> {
                    throw other;
                }))
                .isSameAs(other);
    }
}
