package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
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
