package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import java.util.List;

/**
 * What the driver knows of the images before any work.
 *
 * @param name for people
 * @param shape of every image
 * @param classes by label
 * @param trainImages that may be learnt from; some of them are kept aside if the settings say so
 * @param checksum tells other images apart
 */
record DataFacts(String name, ImageShape shape, List<String> classes, int trainImages, String checksum) {
    DataFacts {
        classes = List.copyOf(classes);
    }
}
