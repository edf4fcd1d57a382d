package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local disk can't show: another user's files, and a file system whose rename doesn't replace unless asked to. */
class StoreOnHdfsIT {
    @TempDir
    private static java.nio.file.Path disk;

    private static MiniDFSCluster cluster;
    private static Configuration conf;

    @BeforeAll
    static void start() throws IOException {
        conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disk.toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        cluster.waitActive();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    private static Path path(String name) {
        return new Path(cluster.getURI() + "/" + name);
    }

    private static Content text(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Path file) throws IOException {
        return StoredFile.read(file, conf, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
                .value();
    }

    private static FileSystem files() throws IOException {
        return path("").getFileSystem(conf);
    }

    private static List<String> names(String folder) throws IOException {
        return Arrays.stream(files().listStatus(path(folder)))
                .map(status -> status.getPath().getName())
                .toList();
    }

    @Test
    void aFileIsReplacedAndNothingElseStays() throws IOException {
        StagedFile.write(path("replaced/file"), conf, text("old"));
        StagedFile.write(path("replaced/file"), conf, text("new"));

        assertThat(read(path("replaced/file"))).isEqualTo("new");
        assertThat(names("replaced")).containsExactly("file");
        assertThatThrownBy(() -> StagedFile.writeNew(path("replaced/file"), conf, text("newer")))
                .hasMessageContaining("has appeared meanwhile");
        assertThat(read(path("replaced/file"))).isEqualTo("new");
    }

    @Test
    void missingAndFoldersAreTold() throws IOException {
        files().mkdirs(path("folder"));

        assertThatThrownBy(() -> read(path("folder"))).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> read(path("none"))).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void anothersFilesAreForbiddenAndNotMissing() throws Exception {
        StagedFile.write(path("private/epoch-0001.x/manifest.json"), conf, text("{}"));
        files().setPermission(path("private/epoch-0001.x"), new FsPermission("700"));
        UserGroupInformation somebody = UserGroupInformation.createUserForTesting("somebody", new String[] {"others"});

        somebody.doAs((PrivilegedExceptionAction<Void>) () -> {
            assertThatThrownBy(() -> read(path("private/epoch-0001.x/manifest.json")))
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessageContaining("may not be read");
            assertThatThrownBy(() -> new CheckpointStore(path("private"), conf).newest())
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessageContaining("epoch-0001.x");
            return null;
        });
    }
}
