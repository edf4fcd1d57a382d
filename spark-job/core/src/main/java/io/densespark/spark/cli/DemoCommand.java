package io.densespark.spark.cli;

import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.settings.Recipe;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
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
    private static final int QUICK_EPOCHS = 2;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    @Option(names = "--quick", description = "train " + QUICK_EPOCHS + " epochs only: less time, less accuracy")
    private boolean quick;

    @Option(
            names = "--output",
            paramLabel = "URI",
            description = "folder for data, checkpoints and model (default: a new one in densespark-demo/)")
    private Optional<String> output = Optional.empty();

    @Override
    public Integer call() throws IOException {
        // The executors are on this machine: what they would find out later can be said at once.
        PlatformCheck.requireSupported();
        Configuration conf = JobContext.hadoop();
        Path save = Place.of("--output", output.orElseGet(DemoCommand::newFolder), conf);
        Path data = new Path(save, "data");
        Prepare.run(
                BundledMnist.open(), conf, data, new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
        SettingValues here =
                SettingValues.NONE.with(Setting.DATA, data.toString()).with(Setting.SAVE, save.toString());
        return Training.run(
                "demo",
                TrainSettings.of(quick ? here.with(Setting.EPOCHS, QUICK_EPOCHS) : here, Recipe.read(RECIPE, conf)));
    }

    private static String newFolder() {
        return "densespark-demo/" + TIME.format(LocalDateTime.now(ZoneId.systemDefault()));
    }
}
