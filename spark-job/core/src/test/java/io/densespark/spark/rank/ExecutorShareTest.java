package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Examples;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorShareTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private static java.nio.file.Path folder;

    private static Path data;

    @BeforeAll
    static void prepareDigits() throws IOException {
        data = new Path(folder.resolve("data").toUri());
        Prepare.run(
                BundledMnist.open(), CONF, data, new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
    }

    private static Examples images(ExecutorShare share) throws InterruptedException {
        return share.images().get(DatasetDescription.read(CONF, data), data, CONF, DatasetDescription.TEST);
    }

    @Test
    void ranksOfOneStageShareDecodedImagesAndTheMemoryBeforeTheFirstReplica() throws InterruptedException {
        try (ExecutorShare first = ExecutorShare.open("stage");
                ExecutorShare second = ExecutorShare.open("stage")) {
            assertThat(second).isSameAs(first);
            assertThat(images(second)).isSameAs(images(first));
            assertThat(second.beforeReplicas()).isSameAs(first.beforeReplicas());
        }
    }

    @Test
    void whatOneStageLoadedIsNotSeenByAnother() throws InterruptedException {
        try (ExecutorShare one = ExecutorShare.open("one");
                ExecutorShare other = ExecutorShare.open("other")) {
            assertThat(images(other)).isNotSameAs(images(one));
            assertThat(images(other).size()).isEqualTo(1000);
        }
    }

    @Test
    void theLastRankThatLeavesTakesTheImagesAway() throws InterruptedException {
        ExecutorShare left;
        try (ExecutorShare first = ExecutorShare.open("stage")) {
            ExecutorShare.open("stage").close();
            assertThat(images(first).size()).isEqualTo(1000);
            left = first;
        }
        assertThatThrownBy(() -> images(left))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after all readers have gone");
        try (ExecutorShare anew = ExecutorShare.open("stage")) {
            assertThat(anew).isNotSameAs(left);
        }
    }
}
