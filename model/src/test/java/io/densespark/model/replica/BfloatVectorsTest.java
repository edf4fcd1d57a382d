package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Executors of one cluster may be started with the Vector API and without. */
class BfloatVectorsTest {
    private static final String BITS = "bits of parameters:";

    @Test
    void replicasTrainToTheSameBitsWithTheVectorApiAndWithout() throws Exception {
        String without = train(List.of());
        String with = train(List.of("--add-modules=jdk.incubator.vector"));

        assertThat(without).contains("vectors: false").contains(BITS);
        assertThat(with).contains("vectors: true");
        assertThat(with.substring(with.indexOf(BITS))).isEqualTo(without.substring(without.indexOf(BITS)));
    }

    private static String train(List<String> options) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.add("-Xmx256m");
        return JavaProcess.run(BfloatVectorsTest.class, all);
    }

    /** One of the processes. Growth rates of 5 and 6 give maps of even and odd columns; 3 images a short last tile. */
    public static void main(String[] arguments) {
        System.out.println("vectors: "
                + ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        System.out.print(BITS);
        for (int growthRate : new int[] {5, 6}) {
            DenseNetSpec spec = DenseNetSpec.bc(16, growthRate, 3, 4);
            ImageShape image = new ImageShape(10, 10);
            try (Backend backend = LibTorch.open(Precision.BF16);
                    Replica replica = Replica.create(
                            new ReplicaSettings(
                                    spec, image, 3, RecomputeLevel.ACTIVATIONS, 2, backend.device(), Precision.BF16),
                            backend)) {
                Nets.initialize(replica, 5, 1);
                for (int step = 0; step < 3; step++) {
                    replica.forwardBackward(
                            Nets.pixels(spec, image, 3, step),
                            Nets.labels(spec, 3, step),
                            3,
                            3,
                            new BatchPosition(1, step, 3));
                    replica.nesterovStep(0.05, 0.9, 1e-4);
                }
                System.out.print(" " + Arrays.hashCode(replica.parameters().toFloats()));
            }
        }
        System.out.println();
    }
}
