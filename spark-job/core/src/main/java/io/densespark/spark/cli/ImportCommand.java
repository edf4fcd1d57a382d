package io.densespark.spark.cli;

import io.densespark.data.DatasetDescription;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.exchange.ImportFormat;
import io.densespark.spark.exchange.ImportSettings;
import io.densespark.spark.exchange.ModelImport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code import}: another program's file to a model folder. */
@Command(
        name = "import",
        description = "Makes a model folder of another program's DenseNet.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}")
    private ImportFormat format;

    @Option(names = "--input", required = true, paramLabel = "URI", description = "file to read")
    private String input;

    @Option(names = "--output", required = true, paramLabel = "URI", description = "model folder to make")
    private String output;

    @Option(names = "--overwrite", description = "replace a model folder that is there")
    private boolean overwrite;

    @Option(
            names = "--data",
            paramLabel = "URI",
            description = "prepared data set whose classes, image size and normalization are the model's")
    private Optional<String> data = Optional.empty();

    @Option(names = "--image-size", paramLabel = "PIXELS", description = "side of the images, if the file lacks it")
    private Optional<Integer> imageSize = Optional.empty();

    @Option(names = "--classes", split = ",", paramLabel = "NAME", description = "names of the outputs, in order")
    private List<String> classes = List.of();

    @Option(
            names = "--mean",
            split = ",",
            paramLabel = "VALUE",
            description = "of each channel, where 255 counts 1 (default 0)")
    private List<Double> mean = List.of();

    @Option(names = "--std", split = ",", paramLabel = "VALUE", description = "of each channel (default 1)")
    private List<Double> std = List.of();

    @Override
    public Integer call() {
        Configuration conf = JobContext.hadoop();
        ImportSettings settings = new ImportSettings(
                data.map(folder -> DatasetDescription.read(conf, Place.of("--data", folder, conf))),
                imageSize,
                classes,
                mean,
                std);
        ModelImport.Imported imported = ModelImport.run(
                format,
                Place.of("--input", input, conf),
                Place.of("--output", output, conf),
                overwrite,
                settings,
                conf);
        ModelDescription made = imported.description();
        System.out.printf(
                Locale.ROOT,
                "imported a DenseNet of %,d parameters, images of %sx%d, %d classes, mean %s, std %s, to %s%n",
                ParameterLayout.of(made.specification()).parameterCount(),
                made.image(),
                made.specification().inputChannels(),
                made.classes().size(),
                made.mean(),
                made.std(),
                output);
        if (!imported.ignored().isEmpty()) {
            System.out.println("ignored tensors that the network hasn't: " + String.join(", ", imported.ignored()));
        }
        return ExitCode.OK;
    }
}
