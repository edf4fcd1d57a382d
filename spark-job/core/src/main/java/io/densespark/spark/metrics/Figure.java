package io.densespark.spark.metrics;

import java.util.Locale;

/** What a run tells while it runs: by name in Spark's UI, and on the driver's progress line. */
enum Figure implements ProgressAccumulator.View<String> {
    EPOCH("epoch"),
    STEP("step"),
    LOSS("loss"),
    IMAGES_PER_SECOND("images per second"),
    ALL_REDUCE_SHARE("all-reduce share"),
    TIME_LEFT("time left"),
    SLOWEST_RANK("slowest rank");

    private static final String PREFIX = "densespark.";

    private final String label;

    Figure(String label) {
        this.label = label;
    }

    /** The accumulator's name. */
    String accumulator() {
        return PREFIX + label;
    }

    /** As text for people; at least one rank must have told something. */
    @Override
    public String of(RunProgress run) {
        return switch (this) {
            case EPOCH -> run.latest().epoch() + "/" + run.latest().epochs();
            case STEP -> run.latest().step() + "/" + run.latest().steps();
            case LOSS -> format("%.4f", run.loss());
            case IMAGES_PER_SECOND -> format("%.0f", run.imagesPerSecond());
            case ALL_REDUCE_SHARE -> format("%.1f%%", 100 * run.allReduceShare());
            case TIME_LEFT -> duration(Math.round(run.secondsLeft()));
            case SLOWEST_RANK -> slowest(run.slowest());
        };
    }

    private static String slowest(SlowestRank slowest) {
        return format("%d (%.2f times the others' median)", slowest.rank(), slowest.slowdown());
    }

    private static String duration(long seconds) {
        return seconds >= 3600
                ? format("%d h %02d min", seconds / 3600, seconds / 60 % 60)
                : format("%d:%02d", seconds / 60, seconds % 60);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
