package io.densespark.data.batch;

import com.sun.management.OperatingSystemMXBean;
import io.densespark.data.DatasetDescription;
import io.densespark.data.augment.ColorJitter;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.augment.RandomResizedCrop;
import io.densespark.data.decode.DecodeSettings;
import io.densespark.data.decode.ImageDecoder;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.decode.UndecodableImageException;
import io.densespark.data.fixture.EncodedSet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A program to be run by hand: how many images a core streams in a second, beside how many it decodes if it does nothing else.
 * It goes by the time that the process had on all cores together. JPEG images of 375x500 pixels are made, brought to 224x224,
 * and read from the local disk.
 */
final class StreamSpeed {
    private static final int IMAGES = 512;
    private static final int BATCH = 32;
    private static final int SIZE = 224;
    private static final int ROUNDS = 5;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private StreamSpeed() {}

    /**
     * Measures and prints.
     *
     * @param arguments an empty folder
     */
    @SuppressWarnings("SystemOut") // What it is for.
    public static void main(String[] arguments) throws Exception {
        Path folder = new Path(java.nio.file.Path.of(arguments[0]).toUri());
        Files.createDirectories(java.nio.file.Path.of(arguments[0]));
        List<byte[]> files =
                IntStream.range(0, IMAGES).mapToObj(StreamSpeed::photograph).toList();
        System.out.printf(
                Locale.ROOT,
                "%d files of %d KB%n",
                IMAGES,
                files.stream().mapToInt(file -> file.length).sum() / IMAGES / 1000);
        Configuration conf = new Configuration();
        DatasetDescription dataset =
                EncodedSet.write(folder, conf, SIZE, Collections.nCopies(IMAGES / 32, 32), files::get);
        StreamedImages images = StreamedImages.open(dataset, folder, conf, "train", Long.MAX_VALUE);
        Augmentation crop = new Augmentation(new RandomResizedCrop(0.08), 0, true, RandomAffine.NONE, ColorJitter.NONE);
        Augmentation all = new Augmentation(
                new RandomResizedCrop(0.08),
                0,
                true,
                new RandomAffine(15, 0.1, 0.1, 0),
                new ColorJitter(0.4, 0.4, 0.4));
        List<Double> plain = new ArrayList<>();
        List<Double> resized = new ArrayList<>();
        List<Double> cropped = new ArrayList<>();
        List<Double> changed = new ArrayList<>();
        // The first round warms up.
        for (int round = 0; round <= ROUNDS; round++) {
            plain.add(decode(files));
            resized.add(stream(images, dataset, Augmentation.NONE, round));
            cropped.add(stream(images, dataset, crop, round));
            changed.add(stream(images, dataset, all, round));
        }
        print("decoded", plain);
        print("streamed, scaled and cut", resized);
        print("streamed, random resized crop and flip", cropped);
        print("streamed, with rotation and colors too", changed);
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, List<Double> imagesPerSecond) {
        List<Double> sorted =
                imagesPerSecond.subList(1, ROUNDS + 1).stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-42s %.0f images/s of a core (%.0f to %.0f)%n",
                what,
                sorted.get(ROUNDS / 2),
                sorted.get(0),
                sorted.get(ROUNDS - 1));
    }

    private static double decode(List<byte[]> files) throws UndecodableImageException {
        ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(PixelFormat.RGB8));
        long start = SYSTEM.getProcessCpuTime();
        for (byte[] file : files) {
            decoder.decode(file);
        }
        return IMAGES / ((SYSTEM.getProcessCpuTime() - start) / 1e9);
    }

    private static double stream(
            StreamedImages images, DatasetDescription dataset, Augmentation augmentation, int epoch)
            throws InterruptedException {
        int[] order = images.order(1, epoch, IntStream.range(0, IMAGES).toArray(), BATCH);
        ImageTransform transform =
                new ImageTransform(images.shape(), Normalization.of(dataset), augmentation, 1, epoch);
        long start = SYSTEM.getProcessCpuTime();
        int seen = 0;
        try (BatchLoader loader = images.load(new SharedOrder(order, new BatchSlices(BATCH, 0, 1)), transform, 2, 1)) {
            for (Optional<ImageBatch> next = loader.next(); next.isPresent(); next = loader.next()) {
                seen += next.get().count();
            }
        }
        return seen / ((SYSTEM.getProcessCpuTime() - start) / 1e9);
    }

    /** Blobs of colors and noise, which compress as photographs do. */
    private static byte[] photograph(int seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(500, 375, BufferedImage.TYPE_INT_RGB);
        double[] waves = random.doubles(12, 0.01, 0.2).toArray();
        for (int y = 0; y < 375; y++) {
            for (int x = 0; x < 500; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    double value = 128
                            + 50 * Math.sin(waves[4 * c] * x + waves[4 * c + 1] * y)
                            + 40 * Math.sin(waves[4 * c + 2] * x - waves[4 * c + 3] * y)
                            + 6 * random.nextGaussian();
                    rgb = (rgb << 8) | (int) Math.max(0, Math.min(255, value));
                }
                image.setRGB(x, y, rgb);
            }
        }
        return jpeg(image);
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam quality = writer.getDefaultWriteParam();
        quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        quality.setCompressionQuality(0.92f);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), quality);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
