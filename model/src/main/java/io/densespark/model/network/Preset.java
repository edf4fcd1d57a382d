package io.densespark.model.network;

import io.densespark.model.ModelException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The networks of the paper (Huang et al., arXiv 1608.06993, tables 1 and 2) by the names that people know them by. */
public enum Preset {
    DENSENET_121("densenet-121", imageNet(32, List.of(6, 12, 24, 16))),
    DENSENET_161("densenet-161", imageNet(48, List.of(6, 12, 36, 24))),
    DENSENET_169("densenet-169", imageNet(32, List.of(6, 12, 32, 32))),
    DENSENET_201("densenet-201", imageNet(32, List.of(6, 12, 48, 32))),
    DENSENET_264("densenet-264", imageNet(32, List.of(6, 12, 64, 48))),
    DENSENET_40_12("densenet-40-12", DenseNetSpec.basic(40, 12, 3, 10)),
    DENSENET_100_12("densenet-100-12", DenseNetSpec.basic(100, 12, 3, 10)),
    DENSENET_100_24("densenet-100-24", DenseNetSpec.basic(100, 24, 3, 10)),
    DENSENET_BC_40_12("densenet-bc-40-12", DenseNetSpec.bc(40, 12, 3, 10)),
    DENSENET_BC_40_48("densenet-bc-40-48", DenseNetSpec.bc(40, 48, 3, 10)),
    DENSENET_BC_100_12("densenet-bc-100-12", DenseNetSpec.bc(100, 12, 3, 10)),
    DENSENET_BC_190_40("densenet-bc-190-40", DenseNetSpec.bc(190, 40, 3, 10)),
    DENSENET_BC_250_24("densenet-bc-250-24", DenseNetSpec.bc(250, 24, 3, 10));

    private final String key;
    // A specification is immutable; the checker can't see that its list is.
    @SuppressWarnings("ImmutableEnumChecker")
    private final DenseNetSpec spec;

    Preset(String key, DenseNetSpec spec) {
        this.key = key;
        this.spec = spec;
    }

    /**
     * The preset of that name.
     *
     * @throws ModelException listing all names
     */
    public static Preset of(String key) {
        return Arrays.stream(values())
                .filter(preset -> preset.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new ModelException("no preset " + key + ": use one of "
                        + Arrays.stream(values()).map(Preset::key).collect(Collectors.joining(", "))));
    }

    public String key() {
        return key;
    }

    /** The network for colour images, with 1,000 classes if it is one for ImageNet and 10 otherwise. */
    public DenseNetSpec spec() {
        return spec;
    }

    private static DenseNetSpec imageNet(int growthRate, List<Integer> blocks) {
        return new DenseNetSpec(3, 1000, growthRate, blocks, StemKind.IMAGENET, 2 * growthRate, 0.5, 4, 0);
    }
}
