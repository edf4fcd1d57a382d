package io.densespark.spark.train;

import io.densespark.data.files.Sha256;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.tensor.Vector;
import io.densespark.spark.JobException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** SHA-256 of a replica's weights (their float32 values, little-endian, in the order of the flat vector). */
final class WeightsDigest {
    private static final int CHUNK = 1 << 16;
    /** Doubles hold 48 bits exactly. */
    private static final int BYTES_IN_DOUBLE = 6;

    private WeightsDigest() {}

    static byte[] of(Vector weights) {
        MessageDigest sha256 = Sha256.digest();
        chunks(weights).forEachOrdered(values -> {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            sha256.update(bytes.array());
        });
        return sha256.digest();
    }

    /** True if no weight is infinite or not a number. */
    static boolean isFinite(Vector weights) {
        return chunks(weights).allMatch(WeightsDigest::isFinite);
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static Stream<float[]> chunks(Vector weights) {
        return IntStream.iterate(0, from -> from < weights.length(), from -> from + CHUNK)
                .mapToObj(from -> weights.slice(from, Math.min(CHUNK, weights.length() - from))
                        .toFloats());
    }

    /**
     * Checks that all replicas hold the same weights, and gives their digest in hexadecimal.
     *
     * @throws JobException if one differs, which only a defect of the machine or of this program can bring about
     */
    static String requireEqual(Vector weights, ProcessGroup group) {
        byte[] own = of(weights);
        RankTable table = RankTable.exchange(group, asDoubles(own));
        for (int rank = 1; rank < group.worldSize(); rank++) {
            if (!Arrays.equals(table.row(rank), table.row(0))) {
                throw new JobException(
                        "the weights of rank " + rank + " differ from those of rank 0: the replicas have come "
                                + "apart; run on machines of one kind, and report this if they are");
            }
        }
        return HexFormat.of().formatHex(own);
    }

    static double[] asDoubles(byte[] digest) {
        double[] doubles = new double[(digest.length + BYTES_IN_DOUBLE - 1) / BYTES_IN_DOUBLE];
        for (int i = 0; i < digest.length; i++) {
            doubles[i / BYTES_IN_DOUBLE] = doubles[i / BYTES_IN_DOUBLE] * 256 + (digest[i] & 0xff);
        }
        return doubles;
    }
}
