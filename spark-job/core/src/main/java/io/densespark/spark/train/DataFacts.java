package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import java.util.List;

/**
 * What the driver knows of the images before any work.
 *
 * @param name for people
 * @param shape of every image
 * @param classes by label
 * @param trainImages that may be learnt from
 * @param hasValidation whether there are images for validation; otherwise settings may keep some of the others aside
 * @param checksum tells other images apart
 */
record DataFacts(
        String name, ImageShape shape, List<String> classes, int trainImages, boolean hasValidation, String checksum) {
    DataFacts {
        classes = List.copyOf(classes);
    }
}
