package io.densespark.spark.exchange;

import io.densespark.data.DatasetDescription;
import io.densespark.model.exchange.ForeignModel;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a file from elsewhere may not tell of a model. What is given here comes before what a data set says, that before
 * what the file says.
 *
 * @param dataset whose classes, image size and normalization the model gets
 * @param imageSize rows and columns of the images
 * @param classes names in the order of the outputs; empty if not given
 * @param mean of each channel, subtracted from pixels in [0, 1]; empty if not given
 * @param std of each channel; empty if not given
 */
public record ImportSettings(
        Optional<DatasetDescription> dataset,
        Optional<Integer> imageSize,
        List<String> classes,
        List<Double> mean,
        List<Double> std) {

    public ImportSettings {
        classes = List.copyOf(classes);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() != std.isEmpty()) {
            throw new JobException("settings mean and std belong together: give both or none");
        }
        if (!std.stream().allMatch(value -> value > 0)) {
            throw new JobException("setting std " + std + ": must be above 0");
        }
    }

    /**
     * The description of an imported model. Without any source, classes are named by number, and pixels are taken as they
     * are in [0, 1].
     *
     * @throws JobException if the image size is nowhere to be found, or a setting doesn't fit the network
     */
    ModelDescription describe(ForeignModel model, String source) {
        DenseNetSpec spec = model.specification();
        Optional<ModelDescription> own = model.description();
        List<String> names = classes;
        if (names.isEmpty()) {
            names = dataset.map(DatasetDescription::classes)
                    .or(() -> own.map(ModelDescription::classes))
                    .orElseGet(() -> ModelDescription.numberedClasses(spec.classes()));
        }
        requireCount("classes", names.size(), spec.classes(), source);
        List<Double> means = mean;
        List<Double> deviations = std;
        if (means.isEmpty()) {
            means = dataset.map(DatasetDescription::mean)
                    .or(() -> own.map(ModelDescription::mean))
                    .orElseGet(() -> Collections.nCopies(spec.inputChannels(), 0.0));
            deviations = dataset.map(DatasetDescription::std)
                    .or(() -> own.map(ModelDescription::std))
                    .orElseGet(() -> Collections.nCopies(spec.inputChannels(), 1.0));
        }
        requireCount("channels", means.size(), spec.inputChannels(), source);
        requireCount("channels", deviations.size(), spec.inputChannels(), source);
        ImageShape image = image(model, source);
        spec.requireFits(image);
        return new ModelDescription(spec, names, means, deviations, image);
    }

    private ImageShape image(ForeignModel model, String source) {
        Optional<ImageShape> given = imageSize
                .map(side -> new ImageShape(side, side))
                .or(() -> dataset.map(data -> new ImageShape(data.height(), data.width())));
        if (given.isPresent() && model.image().isPresent() && !given.equals(model.image())) {
            throw new JobException(source + " fits images of " + model.image().get() + " only, not of " + given.get()
                    + ": set --image-size to that");
        }
        return given.or(model::image)
                .or(() -> model.description().map(ModelDescription::image))
                .orElseThrow(() -> new JobException(
                        source + " doesn't tell the size of its images: give --image-size, or --data with a prepared "
                                + "data set"));
    }

    private static void requireCount(String what, int given, int needed, String source) {
        if (given != needed) {
            throw new JobException(source + " has " + needed + " " + what + ", the settings or the data set have "
                    + given + ": give those that belong to the model");
        }
    }
}
