package io.densespark.benchmark.cluster;

import io.densespark.data.ImageShape;
import io.densespark.data.batch.ImageSet;
import io.densespark.model.network.DenseNetSpec;
import java.util.SplittableRandom;

/** Random images with random labels: a step costs the same whatever is on them. */
final class SyntheticImages {
    /** Few enough to be made at once; a step may take one more than once. */
    private static final int COUNT = 256;

    private SyntheticImages() {}

    /** Images of side {@code size} for {@code spec}; the same on every rank. */
    static ImageSet of(DenseNetSpec spec, int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ImageShape shape = new ImageShape(size, size, spec.inputChannels());
        byte[] pixels = new byte[COUNT * shape.bytes()];
        random.nextBytes(pixels);
        return ImageSet.of(shape, pixels, random.ints(COUNT, 0, spec.classes()).toArray());
    }

    /** Indices for {@code length} examples, one image after the other, round and round. */
    static int[] order(int length) {
        int[] order = new int[length];
        for (int i = 0; i < length; i++) {
            order[i] = i % COUNT;
        }
        return order;
    }
}
