package io.densespark.model.kernels;

import io.densespark.model.tensor.Vector;

/**
 * Mean and summed squared deviation of each column of one worker's rows.
 *
 * @param rows how many rows went in, possibly 0 (then the vectors are not read)
 * @param mean {@code [c]} in double
 * @param squares {@code [c]} in double: sum over the rows of (x - mean)²
 */
public record Moments(long rows, Vector mean, Vector squares) {}
