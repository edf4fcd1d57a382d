package io.densespark.spark.evaluate;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * A confusion matrix as a PNG image: a row for each class, from the top, a column for each predicted class, from the left, and
 * the darker a place the larger its share of the row's images, from white (none) to dark blue (all). Of more than 1,000
 * classes, neighbours share a place. There are no letters in it: fonts are none of Java's own.
 */
final class ConfusionImage {
    private static final int SIDE = 1000;

    /** What white loses of red, green and blue up to the darkest color. */
    private static final int[] DEPTH = {247, 207, 148};

    private ConfusionImage() {}

    static byte[] png(ConfusionMatrix confusion) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(draw(confusion), "png", bytes)) {
                throw new IllegalStateException("this Java writes no PNG files");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static BufferedImage draw(ConfusionMatrix confusion) {
        int places = Math.min(SIDE, confusion.classes());
        double[][] counts = new double[places][places];
        double[] rows = new double[places];
        confusion.cells().forEach((cell, images) -> {
            int row = place(cell.label(), places, confusion.classes());
            counts[row][place(cell.predicted(), places, confusion.classes())] += images;
            rows[row] += images;
        });
        int scale = SIDE / places;
        BufferedImage image = new BufferedImage(places * scale, places * scale, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                double count = counts[y / scale][x / scale];
                image.setRGB(x, y, color(count == 0 ? 0 : count / rows[y / scale]));
            }
        }
        return image;
    }

    private static int place(int label, int places, int classes) {
        return (int) ((long) label * places / classes);
    }

    private static int color(double share) {
        int rgb = 0;
        for (int depth : DEPTH) {
            rgb = rgb << 8 | (int) Math.round(255 - share * depth);
        }
        return rgb;
    }
}
