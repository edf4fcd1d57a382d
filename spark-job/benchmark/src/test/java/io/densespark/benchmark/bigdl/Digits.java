package io.densespark.benchmark.bigdl;

import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** The digits of the job jar, prepared. */
final class Digits {
    private Digits() {}

    static Path prepare(Path folder, int rowsPerShard) {
        Path data = folder.resolve("data");
        Prepare.run(
                BundledMnist.open(),
                new Configuration(),
                new org.apache.hadoop.fs.Path(data.toUri()),
                new PrepareSettings(rowsPerShard, false));
        return data;
    }
}
