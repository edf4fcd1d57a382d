package io.densespark.spark.cli;

import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.settings.Recipe;
import io.densespark.spark.settings.Setting;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: trains on the digits in the job jar, so that one command shows everything. */
@Command(
        name = "demo",
        description = "Trains a small DenseNet-BC on the 10,000 MNIST digits in the job jar.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final String RECIPE = "demo-mnist";
    private static final String QUICK_EPOCHS = "2";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    @Option(names = "--quick", description = "train " + QUICK_EPOCHS + " epochs only: less time, less accuracy")
    private boolean quick;

    @Option(
            names = "--output",
            paramLabel = "URI",
            description = "folder for data, checkpoints and model (default: a new one in densespark-demo/)")
    private String output;

    @Override
    public Integer call() throws IOException {
        // The executors are on this machine: what they would find out later can be said at once.
        PlatformCheck.requireSupported();
        Configuration conf = JobContext.hadoop();
        Path folder = new Path(
                output == null ? "densespark-demo/" + TIME.format(LocalDateTime.now(ZoneId.systemDefault())) : output);
        Path save = folder.getFileSystem(conf).makeQualified(folder);
        Path data = new Path(save, "data");
        Prepare.run(
                BundledMnist.open(), conf, data, new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
        Map<String, String> overrides = new LinkedHashMap<>();
        overrides.put(Setting.DATA.key(), data.toString());
        overrides.put(Setting.SAVE.key(), save.toString());
        if (quick) {
            overrides.put(Setting.EPOCHS.key(), QUICK_EPOCHS);
        }
        return Training.run("demo", Recipe.settings(overrides, Recipe.read(RECIPE, conf)));
    }
}
