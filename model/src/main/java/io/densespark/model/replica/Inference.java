package io.densespark.model.replica;

/**
 * What a network gives for N images in evaluation mode.
 *
 * @param logits {@code [N, classes]}, row by row
 * @param features {@code [N, F]}, row by row: the last block's normalized feature maps, averaged over the pixels of each,
 *     that the classifier is applied to; F is {@link io.densespark.model.network.DenseNetSpec#outputChannels()}
 */
@SuppressWarnings("ArrayRecordComponent") // Its maker keeps neither, and values of this size aren't compared.
public record Inference(float[] logits, float[] features) {}
