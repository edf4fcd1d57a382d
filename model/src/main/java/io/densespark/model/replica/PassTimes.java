package io.densespark.model.replica;

/**
 * Where the time of one {@link Replica#forwardBackward} went. The three add up to the time from the first layer to the last
 * gradient.
 *
 * <p>A GPU takes its times itself, and counts what it recomputes as backward pass; where both passes are one program, all of
 * it.
 *
 * @param forwardSeconds from the images to the loss and its gradient
 * @param recomputeSeconds of the backward pass, spent on what the recompute level doesn't keep; mean over the workers
 * @param backwardSeconds the rest of the backward pass
 */
public record PassTimes(double forwardSeconds, double recomputeSeconds, double backwardSeconds) {
    /** The times of no images. */
    public static final PassTimes NONE = new PassTimes(0, 0, 0);
}
