package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.collective.SingleReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import io.densespark.spark.JobException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RankTableTest {
    /** A group of two of which the other rank always gives the same numbers. */
    private static final class WithOther implements ProcessGroup {
        private final int rank;
        private final double[] others;

        WithOther(int rank, double... others) {
            this.rank = rank;
            this.others = others;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int worldSize() {
            return 2;
        }

        @Override
        public void sum(Vector vector) {
            throw new UnsupportedOperationException();
        }

        @Override
        public double[] sum(double[] values) {
            double[] sums = values.clone();
            for (int i = 0; i < others.length; i++) {
                sums[(1 - rank) * others.length + i] += others[i];
            }
            return sums;
        }

        @Override
        public void close() {}
    }

    @Test
    void everyRanksRowComesToItsPlace() {
        RankTable table = RankTable.exchange(new WithOther(1, 10, 2), 4, 8);

        assertThat(table.row(0)).containsExactly(10, 2);
        assertThat(table.row(1)).containsExactly(4, 8);
        assertThat(table.sum(0)).isEqualTo(14);
        assertThat(table.mean(1)).isEqualTo(5);
        assertThat(table.max(1)).isEqualTo(8);
    }

    @Test
    void theDigestIsThatOfTheLittleEndianFloats() throws Exception {
        int length = 70_000;
        float[] values = new float[length];
        ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            values[i] = i * 0.1f - 3;
            bytes.putFloat(values[i]);
        }
        Backend backend = LibTorch.open();
        try (Storage storage = backend.allocate(ElementType.FLOAT, length)) {
            Vector weights = new Vector(storage, 0, length);
            weights.set(values);

            assertThat(WeightsDigest.of(weights))
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        }
    }

    @Test
    void replicasWithDifferentWeightsAreFoundOut() {
        Backend backend = LibTorch.open();
        try (Storage storage = backend.allocate(ElementType.FLOAT, 3)) {
            Vector weights = new Vector(storage, 0, 3);
            weights.set(new float[] {1, 2, 3});
            double[] same = RankTable.exchange(new SingleReplica(), WeightsDigest.asDoubles(WeightsDigest.of(weights)))
                    .row(0);

            assertThat(WeightsDigest.requireEqual(weights, new WithOther(0, same)))
                    .isEqualTo(HexFormat.of().formatHex(WeightsDigest.of(weights)));

            same[3]++;
            assertThatThrownBy(() -> WeightsDigest.requireEqual(weights, new WithOther(0, same)))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("rank 1 differ");
        }
    }
}
