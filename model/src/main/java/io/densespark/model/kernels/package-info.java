/**
 * The few passes that a replica is made of, as an interface. Axis letters: N images, m rows (pixels of a worker's images,
 * N·H·W), c columns (channels), o output columns. Gradients are named {@code d…}. The replica calls them; the rooms that
 * implement them are {@code libtorch} (the reference, and the form for GPUs).
 */
package io.densespark.model.kernels;
