package io.densespark.model.cuda;

import java.util.Locale;

/** The kernels of {@code passes.cu}. */
enum Pass {
    NORMALIZE_RELU(true),
    FINISH_GRADIENT(true),
    COPY_ROWS(true),
    DROPOUT(false),
    ADD_VECTOR(false),
    SCALE_VECTOR(false),
    NESTEROV_STEP(false),
    COLUMN_MOMENTS(true),
    COPY_MOMENTS(true),
    FINISH_MOMENTS(false),
    UPDATE_RUNNING(false),
    BATCH_AFFINE(false),
    TRAINING_AFFINE(false),
    RUNNING_AFFINE(false),
    RELU_BACKWARD_ADD(true),
    RELU_BACKWARD_SET(true),
    NORM_GRADIENTS(false),
    AVERAGE_POOL(true),
    AVERAGE_POOL_BACKWARD(true),
    MAX_POOL(true),
    MAX_POOL_CHOICE(true),
    MAX_POOL_BACKWARD(true),
    GLOBAL_AVERAGE(false),
    GLOBAL_AVERAGE_BACKWARD(false),
    CROSS_ENTROPY(false),
    SUM_LOSSES(false),
    SUM_ROWS(false),
    MOVED_GRADIENTS(false);

    private final boolean hasForms;

    /** @param hasForms whether there is one for each {@link Width} */
    Pass(boolean hasForms) {
        this.hasForms = hasForms;
    }

    /** The name of the kernel that takes {@code width} columns at once. */
    String kernel(Width width) {
        StringBuilder name = new StringBuilder();
        for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return hasForms ? name.append(width.columns()).toString() : name.toString();
    }
}
