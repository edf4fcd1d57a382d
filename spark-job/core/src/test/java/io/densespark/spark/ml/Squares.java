package io.densespark.spark.ml;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Noisy grey images of 8x8 pixels with a bright left or right half: easy to learn. */
final class Squares {
    static final int SIDE = 8;
    static final List<String> CLASSES = List.of("left", "right");

    private Squares() {}

    /** Columns {@code id}, {@code image} (PNG), {@code label} (its class's name) and {@code index} (its number). */
    static Dataset<Row> table(SparkSession spark, int count) {
        StructType schema = new StructType()
                .add("id", DataTypes.LongType)
                .add("image", DataTypes.BinaryType)
                .add("label", DataTypes.StringType)
                .add("index", DataTypes.IntegerType);
        List<Row> rows = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < count; i++) {
            rows.add(RowFactory.create((long) i, png(random, i % 2), CLASSES.get(i % 2), i % 2));
        }
        return spark.createDataFrame(rows, schema);
    }

    private static byte[] png(Random random, int label) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean bright = x / (SIDE / 2) == label;
                image.getRaster().setSample(x, y, 0, (bright ? 160 : 30) + random.nextInt(60));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
