package io.densespark.benchmark.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NaiveFeatureMapsTest {

    @Test
    void theFormulaGivesWhatOneCountsByHand() {
        // Growth rate 2: 4 channels behind the stem, a layer to 6, a transition to 3, to 5, to 2, to 4.
        DenseNetSpec spec = DenseNetSpec.bc(10, 2, 3, 10);
        int images = 2;

        long stem = 64 * 3;
        long block1 = 64 * (4 + 4 + 8 + 8) + 64 * (6 + 6 + 3);
        long block2 = 16 * (3 + 3 + 8 + 8) + 16 * (5 + 5 + 2);
        long block3 = 4 * (2 + 2 + 8 + 8) + 4 * (4 + 4) + 4;
        assertThat(NaiveFeatureMaps.bytes(spec, new ImageShape(8, 8), images))
                .isEqualTo(4L * images * (stem + block1 + block2 + block3));
    }

    @Test
    void twiceTheLayersTakeTwiceTheMemoryButNaivelyThreeTimes() {
        MemoryBenchmark benchmark = new MemoryBenchmark(List.of(196, 100), 12, 32, 64, "plot.png", Optional.empty());

        List<MemoryRow> rows = benchmark.rows();

        MemoryRow small = rows.get(0);
        MemoryRow large = rows.get(1);
        assertThat(small.depth()).isEqualTo(100);
        assertThat(small.parameters()).isEqualTo(769_162);
        assertThat(ratio(large.activations(), small.activations())).isBetween(1.5, 2.2);
        assertThat(ratio(large.bottleneck(), small.bottleneck())).isBetween(1.5, 2.2);
        assertThat(ratio(large.none(), small.none())).isGreaterThan(2.2);
        assertThat(ratio(large.naive(), small.naive())).isGreaterThan(3);
    }

    private static double ratio(long large, long small) {
        return (double) large / small;
    }
}
