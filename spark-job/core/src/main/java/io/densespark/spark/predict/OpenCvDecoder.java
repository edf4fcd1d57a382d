package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.data.decode.DecodeSettings;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImageDecoder;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.decode.UndecodableImageException;

/** Decodes to grey for a model of one channel, to colors for others. */
final class OpenCvDecoder implements ImageFiles.Decoder {
    private final ImageDecoder decoder;

    /** @param channels that the model takes */
    OpenCvDecoder(int channels) {
        decoder = new ImageDecoder(DecodeSettings.of(channels == 1 ? PixelFormat.GREY8 : PixelFormat.RGB8));
    }

    @Override
    public Pixels decode(byte[] encoded) throws BadImageException {
        try {
            DecodedImage image = decoder.decode(encoded);
            return new Pixels(
                    new ImageShape(image.height(), image.width(), image.format().channels()), image.pixels());
        } catch (UndecodableImageException e) {
            throw new BadImageException(String.valueOf(e.getMessage()), e);
        }
    }
}
