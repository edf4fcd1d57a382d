package io.densespark.data.decode;

/**
 * A rectangle of an image.
 *
 * @param top its first row
 * @param left its first column
 * @param height in pixels, at least 1
 * @param width in pixels, at least 1
 */
public record ImagePart(int top, int left, int height, int width) {}
