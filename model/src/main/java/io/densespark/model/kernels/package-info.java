/**
 * The few passes that a replica is made of, as an interface. Axis letters: N images, m rows (pixels of a worker's images,
 * N·H·W), c columns (channels), o output columns. Gradients are named {@code d…}. In this module {@code cpu}, {@code
 * libtorch}, {@code cuda} and {@code replica} enter: the first three to implement the passes (the reference is libtorch's,
 * the form for GPUs CUDA's), the last to call them.
 */
package io.densespark.model.kernels;
