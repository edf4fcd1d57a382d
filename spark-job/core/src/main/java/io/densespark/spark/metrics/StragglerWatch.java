package io.densespark.spark.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Names the ranks that hold up the others. Their steps are compared window by window; a rank is named after it was slow
 * in {@value #WINDOWS} windows in a row, and again when it has kept up for as many: a pause of the garbage collector, or a
 * rank at the border, makes no noise. Not thread-safe.
 */
public final class StragglerWatch {
    /** A window ends when each rank has done as many steps since the last. */
    static final int STEPS = 5;

    static final int WINDOWS = 3;
    static final double SLOW_FROM = 1.3;
    static final double KEEPS_UP_BELOW = 1.15;

    private final boolean[] slow;
    private final int[] streak;
    private List<RankProgress> start = List.of();

    /** @param worldSize number of ranks */
    public StragglerWatch(int worldSize) {
        slow = new boolean[worldSize];
        streak = new int[worldSize];
    }

    /** The lines to show now, mostly none. */
    public List<String> see(RunProgress progress) {
        List<RankProgress> now = List.copyOf(progress.ranks());
        if (now.size() < slow.length) {
            return List.of();
        }
        if (start.isEmpty()) {
            start = now;
        }
        double[] stepSeconds = new double[now.size()];
        for (int rank = 0; rank < stepSeconds.length; rank++) {
            long steps = now.get(rank).attemptSteps() - start.get(rank).attemptSteps();
            if (steps < STEPS) {
                return List.of();
            }
            stepSeconds[rank] = (now.get(rank).ownSeconds() - start.get(rank).ownSeconds()) / steps;
        }
        start = now;
        List<String> lines = new ArrayList<>();
        for (RankProgress rank : now) {
            double slowdown = SlowestRank.slowdown(rank.rank(), stepSeconds);
            if (turns(rank.rank(), slowdown)) {
                lines.add(describe(rank, slowdown));
            }
        }
        return lines;
    }

    private boolean turns(int rank, double slowdown) {
        boolean other = slow[rank] ? slowdown < KEEPS_UP_BELOW : slowdown >= SLOW_FROM;
        streak[rank] = other ? streak[rank] + 1 : 0;
        if (streak[rank] < WINDOWS) {
            return false;
        }
        streak[rank] = 0;
        slow[rank] = !slow[rank];
        return true;
    }

    private String describe(RankProgress rank, double slowdown) {
        return String.format(
                Locale.ROOT,
                slow[rank.rank()]
                        ? "rank %d on %s is slow: its steps take %.1f times the other ranks' median"
                        : "rank %d on %s keeps up again: its steps take %.1f times the other ranks' median",
                rank.rank(),
                rank.host(),
                slowdown);
    }
}
