/**
 * The few passes that a replica is made of, as an interface. Axis letters: N images, m rows (pixels of a worker's images,
 * N·H·W), c columns (channels), o output columns. Gradients are named {@code d…}. In this module {@code backend},
 * {@code cpu}, {@code cuda}, {@code libtorch} and {@code replica} enter: {@code replica} calls the passes, {@code backend}
 * gives them, the others implement them ({@code libtorch} has the reference).
 */
package io.densespark.model.kernels;
