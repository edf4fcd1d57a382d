package io.densespark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DatasetDescription;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.EndlessFolders;
import io.densespark.data.fixture.LocalSpark;
import io.densespark.data.records.FolderSource;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tests' JVM, driver and tasks in one, has a heap of 1 GB. */
class MillionImagesTest {
    @TempDir
    private java.nio.file.Path folder;

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void aMillionImagesArePreparedWithinAGigabyte() {
        SparkSession spark = LocalSpark.session();
        EndlessFolders.addTo(spark.sparkContext().hadoopConfiguration(), 100, 10_000);

        DatasetDescription made = RecordsPrepare.run(
                spark,
                FolderSource.open(spark, new Path("endless:///")),
                new Path(folder.resolve("out").toUri()),
                new RecordSettings(
                        PixelFormat.GREY8,
                        OptionalInt.empty(),
                        OptionalInt.of(50_000),
                        OptionalDouble.of(0.1),
                        OptionalDouble.empty(),
                        0,
                        OptionalDouble.empty(),
                        false,
                        false));

        assertThat(made.count("train")).isEqualTo(900_000);
        assertThat(made.count("test")).isEqualTo(100_000);
        assertThat(made.classes()).hasSize(100);
        assertThat(made.shards("train")).hasSize(18);
        assertThat(made.mean().get(0)).isEqualTo(128.0 / 255);
    }
}
