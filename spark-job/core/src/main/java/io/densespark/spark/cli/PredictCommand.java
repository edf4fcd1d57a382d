package io.densespark.spark.cli;

import io.densespark.data.DatasetDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.Json;
import io.densespark.spark.predict.OnBadImage;
import io.densespark.spark.predict.PredictInput;
import io.densespark.spark.predict.PredictJob;
import io.densespark.spark.predict.PredictOutput;
import io.densespark.spark.predict.PredictSettings;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.SparkOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code predict}: what a model says of images. */
@Command(
        name = "predict",
        description = "Writes what a model says of each image: its class, and the most probable classes.",
        mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
    /** Where the images come from. */
    private static final class Images {
        @Option(names = "--data", paramLabel = "URI", description = "folder that 'prepare' wrote")
        private Optional<String> data = Optional.empty();

        @Option(
                names = "--images",
                paramLabel = "GLOB",
                description = "image files, as a glob, or folders with image files at any depth")
        private Optional<String> glob = Optional.empty();
    }

    @Option(names = "--model", required = true, paramLabel = "URI", description = "model folder of a training run")
    private String model;

    @ArgGroup(multiplicity = "1")
    private Images images;

    @Option(names = "--split", description = "with --data: train or test (default test)")
    private Optional<String> split = Optional.empty();

    @Option(names = "--output", required = true, paramLabel = "URI", description = "folder to write")
    private String output;

    @Option(names = "--overwrite", description = "replace predictions that are there")
    private boolean overwrite;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default parquet)")
    private PredictOutput.Format format = PredictOutput.Format.parquet;

    @Option(names = "--top-k", paramLabel = "K", description = "most probable classes of an image (default 5)")
    private int topK = 5;

    @Option(
            names = "--on-bad",
            paramLabel = "POLICY",
            description = "images that can't be decoded: fail, null (they get no prediction) or drop (default fail)")
    private String onBad = "fail";

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "images that go through the network at a time (default ${DEFAULT-VALUE})")
    private int batch = PredictSettings.DEFAULT_BATCH;

    @Override
    public Integer call() throws IOException {
        Configuration conf = JobContext.hadoop();
        if (batch < 1) {
            throw new JobException("setting batch-size is " + batch + ": give --batch-size 1 or more");
        }
        OnBadImage onBadImage = OnBadImage.of("on-bad", onBad);
        ModelFolder folder = ModelFolder.read(Place.of("--model", model, conf), conf);
        PredictInput input = input(conf);
        SparkOutput place = SparkOutput.begin(Place.of("--output", output, conf), overwrite, conf);
        PredictOutput target = new PredictOutput(place, format, topK);
        JobContext.run("predict", sc -> {
            PredictJob.Result result = PredictJob.run(sc, folder, input, target, batch, onBadImage);
            System.out.printf(
                    Locale.ROOT,
                    "%,d images predicted, %,d bad ones, in %s%n",
                    result.images(),
                    result.badImages(),
                    place.path());
            // Programs read the last line.
            System.out.println("RESULT " + Json.line(result));
        });
        return ExitCode.OK;
    }

    private PredictInput input(Configuration conf) throws IOException {
        if (images.data.isPresent()) {
            return PredictInput.ofDataset(
                    Place.of("--data", images.data.get(), conf), split.orElse(DatasetDescription.TEST), conf);
        }
        if (split.isPresent()) {
            throw new JobException("--split is of a prepared data set: give --data, or leave it out");
        }
        return PredictInput.ofFiles(Place.of("--images", images.glob.orElseThrow(), conf), conf);
    }
}
