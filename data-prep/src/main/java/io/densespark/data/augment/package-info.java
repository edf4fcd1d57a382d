/**
 * Random changes to training images: which part is cut out, how the image is turned, and its colors. What happens to an image
 * depends on (seed, epoch, image) alone, by {@link io.densespark.data.augment.SplitMix64}, never on the number of ranks or
 * threads.
 *
 * <p>Entered by {@code batch}, which applies them, and by whoever reads settings.
 */
package io.densespark.data.augment;
