package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.StemKind;
import io.densespark.model.weights.RandomModel;
import io.densespark.spark.store.ModelFolder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** A small random model of colored images, images for it, and what it says of them. */
public final class TestModel {
    public static final ImageShape SHAPE = new ImageShape(12, 12, 3);
    static final int CLASSES = 5;

    public static final RandomModel MODEL = RandomModel.of(
            new DenseNetSpec(3, CLASSES, 4, List.of(1, 2), StemKind.SMALL, 8, 0.5, 2, 0),
            new io.densespark.model.network.ImageShape(12, 12),
            11);

    private TestModel() {}

    public static ModelFolder folder() {
        return new ModelFolder(MODEL.description(), MODEL.state());
    }

    /** Images {@code [H, W, C]} of {@link #SHAPE}. */
    public static List<byte[]> images(int count, long seed) {
        Random random = new Random(seed);
        List<byte[]> images = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            byte[] image = new byte[SHAPE.bytes()];
            random.nextBytes(image);
            images.add(image);
        }
        return images;
    }

    /** The logits of each image, one at a time, by a replica of its own. */
    public static List<float[]> logits(List<byte[]> images) {
        return images.stream().map(TestModel::logits).toList();
    }

    private static float[] logits(byte[] image) {
        int pixels = SHAPE.height() * SHAPE.width();
        float[] channelsFirst = new float[image.length];
        for (int i = 0; i < image.length; i++) {
            float mean = MODEL.description().mean().get(i % 3).floatValue();
            float std = MODEL.description().std().get(i % 3).floatValue();
            channelsFirst[i % 3 * pixels + i / 3] = ((image[i] & 0xff) / 255f - mean) / std;
        }
        return MODEL.logits(channelsFirst, 1);
    }

    public static byte[] png(byte[] image, ImageShape shape) {
        BufferedImage picture = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < shape.height() * shape.width(); i++) {
            int rgb = ((image[3 * i] & 0xff) << 16) | ((image[3 * i + 1] & 0xff) << 8) | (image[3 * i + 2] & 0xff);
            picture.setRGB(i % shape.width(), i / shape.width(), rgb);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
