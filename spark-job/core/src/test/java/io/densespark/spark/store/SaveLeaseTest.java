package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveLeaseTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    private org.apache.hadoop.fs.Path save;

    @BeforeEach
    void place() {
        save = new org.apache.hadoop.fs.Path(folder.toUri());
    }

    private void write(String host, String machine, long pid, long beat) throws IOException {
        Files.writeString(folder.resolve(".lease"), "an-id " + host + " " + machine + " " + pid + " " + beat + "\n");
    }

    @Test
    void aSecondRunIsRefusedWhileTheFirstLivesAndNothingIsLeftAfterIt() throws IOException {
        try (SaveLease first = SaveLease.take(save, CONF)) {
            assertThatThrownBy(() -> SaveLease.take(save, CONF))
                    .isInstanceOf(JobException.class)
                    .hasMessageContainingAll(
                            "setting save file:" + folder,
                            " is in use by another run, process "
                                    + ProcessHandle.current().pid() + " on host "
                                    + InetAddress.getLocalHost().getHostName(),
                            "give another --save");
            assertThatCode(first::requireHeld).doesNotThrowAnyException();
        }
        assertThat(folder).isEmptyDirectory();
        SaveLease.take(save, CONF).close();
    }

    @Test
    void theLeaseOfAProcessOfThisHostThatIsDeadCountsForNothing() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        String machine;
        try (SaveLease own = SaveLease.take(save, CONF)) {
            own.requireHeld();
            machine = Files.readString(folder.resolve(".lease")).split(" ", -1)[2];
        }
        write("here", machine, process.pid(), 7);

        try (SaveLease lease = SaveLease.take(save, CONF)) {
            assertThat(Files.readString(folder.resolve(".lease")))
                    .contains(" " + ProcessHandle.current().pid() + " ");
            lease.requireHeld();
        }
    }

    /** What became of a process of another host nobody here can know, but that it doesn't write any more. */
    @Test
    void aLeaseOfAnotherHostThatDoesNotChangeIsTakenOver() throws IOException {
        write("elsewhere", "another", 1, 7);

        SaveLease.take(save, CONF).close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRunWhoseFolderWasTakenOverEndsAndLeavesTheOthersLease() throws Exception {
        SaveLease lease = SaveLease.take(save, CONF);
        for (int beat = 1; ; beat++) {
            write("elsewhere", "another", 12, beat);
            try {
                lease.requireHeld();
                Thread.sleep(500);
            } catch (JobException e) {
                assertThat(e).hasMessageContaining("process 12 on host elsewhere, has taken over file:" + folder);
                break;
            }
        }
        lease.close();

        assertThat(Files.readString(folder.resolve(".lease"))).startsWith("an-id elsewhere another 12");
    }

    /** The thread of the lease has looked once by then, or it has nothing to complain of anyway. */
    @Test
    void anOldLeaseThatAnObjectStoreStillShowsIsNoOtherRuns() throws Exception {
        Configuration conf = StaleFileSystem.configuration();
        org.apache.hadoop.fs.Path stale = new org.apache.hadoop.fs.Path("stale", null, folder.toString());
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String machine;
        try (SaveLease own = SaveLease.take(save, CONF)) {
            own.requireHeld();
            machine = Files.readString(folder.resolve(".lease")).split(" ", -1)[2];
        }
        write("here", machine, dead.pid(), 7);

        try (SaveLease lease = SaveLease.take(stale, conf)) {
            Thread.sleep(6_000);
            assertThatCode(lease::requireHeld).doesNotThrowAnyException();
            assertThat(Files.readString(folder.resolve(".lease")))
                    .contains(" " + ProcessHandle.current().pid() + " ");
        }
    }

    @Test
    void aFolderThatWasMadeForARunOfWhichNothingCameGoesWithIt() throws IOException {
        org.apache.hadoop.fs.Path below = new org.apache.hadoop.fs.Path(save, "below");
        SaveLease.take(below, CONF).close();
        assertThat(folder).isEmptyDirectory();

        try (SaveLease lease = SaveLease.take(below, CONF)) {
            lease.requireHeld();
            Files.writeString(folder.resolve("below/results.csv"), "epoch");
        }
        assertThat(folder.resolve("below")).isDirectoryContaining("glob:**results.csv");
    }

    @Test
    void whatIsNoLeaseIsWrittenOver() throws IOException {
        Files.writeString(folder.resolve(".lease"), "");

        SaveLease.take(save, CONF).close();

        assertThat(folder).isEmptyDirectory();
    }
}
