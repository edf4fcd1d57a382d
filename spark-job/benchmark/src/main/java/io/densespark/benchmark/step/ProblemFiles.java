package io.densespark.benchmark.step;

import io.densespark.model.kernels.Backend;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.HeInitializer;
import io.densespark.model.weights.Safetensors;
import io.densespark.model.weights.StateDictionary;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * The two files of a {@link Problem}. A batch is
 *
 * <pre>
 * N·H·W·C x 4 bytes   normalized pixels, float32 little-endian, [N, H, W, C]
 * N x 4 bytes         labels, int32 little-endian
 * </pre>
 */
public final class ProblemFiles {
    private static final long SEED = 42;

    private ProblemFiles() {}

    /** Writes weights and, where there is none yet, a random batch, from a fixed seed: the same files in every run. */
    static void write(Problem problem, Backend backend) throws IOException {
        // The weights don't depend on the batch; one image takes the least memory.
        ReplicaSettings one =
                new ReplicaSettings(problem.spec(), problem.image(), 1, RecomputeLevel.BOTTLENECK, 1, Device.CPU);
        try (Replica replica = Replica.create(one, backend);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(problem.weights())))) {
            HeInitializer.initialize(replica, SEED);
            Safetensors.write(StateDictionary.capture(replica), out);
        }
        if (!Files.exists(Path.of(problem.data()))) {
            writeRandomBatch(problem);
        }
    }

    private static void writeRandomBatch(Problem problem) throws IOException {
        Random random = new Random(SEED);
        float[] pixels = new float[problem.values()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        int[] labels = new int[problem.batch()];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = random.nextInt(problem.spec().classes());
        }
        writeBatch(problem, pixels, labels);
    }

    /**
     * Writes a batch.
     *
     * @param pixels {@code [N, H, W, C]}; the array may be longer, as the next may
     * @param labels {@code [N]}
     */
    public static void writeBatch(Problem problem, float[] pixels, int[] labels) throws IOException {
        long size = (long) problem.values() * Float.BYTES + (long) problem.batch() * Integer.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(pixels, 0, problem.values());
        bytes.position(problem.values() * Float.BYTES).asIntBuffer().put(labels, 0, problem.batch());
        Files.write(Path.of(problem.data()), bytes.array());
    }

    /** The pixels {@code [N, H, W, C]}. */
    public static float[] readPixels(Problem problem) throws IOException {
        float[] pixels = new float[problem.values()];
        // Read in pieces: the heap of the process is small, and what it ever took stays resident.
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        try (DataInputStream in = new DataInputStream(Files.newInputStream(Path.of(problem.data())))) {
            int most = chunk.capacity() / Float.BYTES;
            for (int from = 0; from < pixels.length; from += most) {
                int count = Math.min(most, pixels.length - from);
                in.readFully(chunk.array(), 0, count * Float.BYTES);
                chunk.asFloatBuffer().get(pixels, from, count);
            }
        }
        return pixels;
    }

    /** The labels {@code [N]}. */
    public static int[] readLabels(Problem problem) throws IOException {
        int[] labels = new int[problem.batch()];
        try (DataInputStream in = new DataInputStream(Files.newInputStream(Path.of(problem.data())))) {
            in.skipNBytes((long) problem.values() * Float.BYTES);
            byte[] bytes = in.readNBytes(labels.length * Integer.BYTES);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(labels);
        }
        return labels;
    }
}
