/**
 * Encoded image files to pixels: {@link io.densespark.data.decode.ImageDecoder} turns the bytes of a JPEG, PNG, WebP, GIF,
 * BMP or TIFF file into a {@link io.densespark.data.decode.DecodedImage}, {@link io.densespark.data.decode.ImageResizer}
 * brings it to a size, and {@link io.densespark.data.decode.ImageHeader} tells how large a file's image is without decoding
 * it.
 *
 * <p>Used by {@code source} and by whoever else has image files. This is OpenCV's only room; within it only {@code OpenCv}
 * touches the library. What a file says of itself (size, orientation, whether it is whole) is read in Java first, so that
 * the library sees only files that are whole and not too large.
 */
package io.densespark.data.decode;
