package io.densespark.benchmark.replica;

/**
 * A measured training step on a GPU.
 *
 * @param network in words
 * @param imageSize rows and columns of the images
 * @param batch images of the step
 */
record GpuStep(String network, int imageSize, int batch, ReplicaRow row) {}
