package io.densespark.model.cuda;

import static io.densespark.model.cuda.Numbers.BFLOAT;
import static io.densespark.model.cuda.Numbers.MIXED;

import java.util.List;
import java.util.Locale;

/** The kernels of {@code passes.cu}. */
enum Pass {
    NORMALIZE_RELU(true, BFLOAT),
    FINISH_GRADIENT(true, MIXED, BFLOAT),
    COPY_ROWS(true, BFLOAT),
    DROPOUT(false, BFLOAT),
    ADD_VECTOR(false),
    ADD_ROUNDED(false),
    ROUND_VECTOR(false),
    LOOK_UP(false, BFLOAT),
    ROUND_WEIGHTS(false),
    SCALE_VECTOR(false),
    NESTEROV_STEP(false),
    COLUMN_MOMENTS(true, BFLOAT),
    COPY_MOMENTS(true, BFLOAT),
    FINISH_MOMENTS(false),
    UPDATE_RUNNING(false),
    BATCH_AFFINE(false),
    TRAINING_AFFINE(false),
    RUNNING_AFFINE(false),
    RELU_BACKWARD_ADD(true, MIXED),
    RELU_BACKWARD_SET(true, MIXED, BFLOAT),
    NORM_GRADIENTS(false),
    AVERAGE_POOL(true, BFLOAT),
    AVERAGE_POOL_BACKWARD(true, BFLOAT),
    MAX_POOL(true, BFLOAT),
    MAX_POOL_CHOICE(true, BFLOAT),
    MAX_POOL_BACKWARD(true, BFLOAT),
    GLOBAL_AVERAGE(false, MIXED),
    GLOBAL_AVERAGE_BACKWARD(false, MIXED),
    CROSS_ENTROPY(false),
    SUM_LOSSES(false),
    SUM_ROWS(false),
    MOVED_GRADIENTS(false, BFLOAT);

    private final boolean hasWidths;
    private final boolean hasMixed;
    private final boolean hasBfloat;

    /**
     * @param hasWidths whether there is a form for each {@link Width}
     * @param numbers of which there are forms beside floats
     */
    Pass(boolean hasWidths, Numbers... numbers) {
        this.hasWidths = hasWidths;
        hasMixed = List.of(numbers).contains(MIXED);
        hasBfloat = List.of(numbers).contains(BFLOAT);
    }

    boolean has(Numbers form) {
        return switch (form) {
            case FLOAT -> true;
            case MIXED -> hasMixed;
            case BFLOAT -> hasBfloat;
        };
    }

    /** The name of the kernel that takes {@code width} columns of such numbers at once. */
    String kernel(Numbers form, Width width) {
        StringBuilder name = new StringBuilder();
        for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        name.append(form.form());
        return hasWidths ? name.append(width.columns()).toString() : name.toString();
    }
}
