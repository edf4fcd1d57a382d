package io.densespark.spark.cli;

import io.densespark.data.DatasetDescription;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BigDlSource;
import io.densespark.data.source.BundledMnist;
import io.densespark.data.source.Cifar10Source;
import io.densespark.data.source.IdxSource;
import io.densespark.data.source.ImageSource;
import io.densespark.spark.JobException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code prepare}: a data set's own files to Parquet shards. */
@Command(
        name = "prepare",
        description = "Turns a data set's files into Parquet shards and dataset.json.",
        mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
    /** The sources, as users write them. */
    enum Source {
        bigdl,
        cifar10,
        idx,
        mnist
    }

    @Option(
            names = "--source",
            required = true,
            description =
                    "${COMPLETION-CANDIDATES}: BigDL's SequenceFiles (folders train and val), CIFAR-10's binary files, "
                            + "IDX files as MNIST's and EMNIST's (plain or gzipped), or the 10,000 MNIST digits in the job jar")
    private Source source;

    @Option(names = "--input", paramLabel = "URI", description = "folder with the data set's files; not for mnist")
    private Optional<String> input = Optional.empty();

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "scale images so that their shorter side has N pixels and cut their central N x N; for bigdl "
                    + "only, which needs it where images differ in size")
    private Optional<Integer> imageSize = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "NAME",
            description =
                    "which data set to take where several lie in the folder, such as emnist-letters; for idx only")
    private Optional<String> set = Optional.empty();

    @Option(names = "--output", required = true, paramLabel = "URI", description = "folder for shards and dataset.json")
    private String output;

    @Option(
            names = "--rows-per-shard",
            paramLabel = "N",
            description = "images in a shard (default " + PrepareSettings.DEFAULT_ROWS_PER_SHARD + ")")
    private int rowsPerShard = PrepareSettings.DEFAULT_ROWS_PER_SHARD;

    @Option(names = "--overwrite", description = "replace a prepared data set that is there")
    private boolean overwrite;

    @Override
    public Integer call() {
        Configuration conf = JobContext.hadoop();
        Path target = Place.of("--output", output, conf);
        DatasetDescription made = Prepare.run(open(conf), conf, target, new PrepareSettings(rowsPerShard, overwrite));
        System.out.printf(
                Locale.ROOT,
                "%s: %,d training and %,d test images of %dx%dx%d, %d classes, in %s%n",
                made.name(),
                made.count(DatasetDescription.TRAIN),
                made.count(DatasetDescription.TEST),
                made.height(),
                made.width(),
                made.channels(),
                made.classes().size(),
                output);
        return ExitCode.OK;
    }

    private ImageSource open(Configuration conf) {
        if (imageSize.isPresent() && source != Source.bigdl) {
            throw new JobException("setting image-size is for --source bigdl, the images of " + source
                    + " all have one size: leave out --image-size");
        }
        if (set.isPresent() && source != Source.idx) {
            throw new JobException(
                    "setting set is for --source idx, there is one data set only for " + source + ": leave out --set");
        }
        return switch (source) {
            case bigdl ->
                BigDlSource.open(
                        conf, input(conf), imageSize.map(OptionalInt::of).orElse(OptionalInt.empty()));
            case cifar10 -> Cifar10Source.open(conf, input(conf));
            case idx -> IdxSource.open(conf, input(conf), set);
            case mnist -> BundledMnist.open();
        };
    }

    private Path input(Configuration conf) {
        String folder = input.orElseThrow(() ->
                new JobException("setting input is missing: give --input with the folder of the " + source + " files"));
        return Place.of("--input", folder, conf);
    }
}
