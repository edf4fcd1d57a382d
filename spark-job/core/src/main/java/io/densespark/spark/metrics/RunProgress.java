package io.densespark.spark.metrics;

import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a run stands: what each rank has told last. Executors tell at different moments, so the ranks may be some steps
 * apart here, although they are not in fact.
 *
 * @param byRank the ranks that have told anything
 */
public record RunProgress(SortedMap<Integer, RankProgress> byRank) implements Serializable {
    /** No rank has told anything. */
    static final RunProgress NONE = new RunProgress(new TreeMap<>());

    public RunProgress {
        byRank = Collections.unmodifiableSortedMap(new TreeMap<>(byRank));
    }

    /** What one rank tells. */
    public static RunProgress of(RankProgress rank) {
        return new RunProgress(new TreeMap<>(Map.of(rank.rank(), rank)));
    }

    /** Of each rank the newer of what this one and {@code other} know. */
    RunProgress merge(RunProgress other) {
        SortedMap<Integer, RankProgress> merged = new TreeMap<>(byRank);
        other.byRank.forEach((rank, theirs) ->
                merged.merge(rank, theirs, (ours, theirsToo) -> theirsToo.isNewerThan(ours) ? theirsToo : ours));
        return new RunProgress(merged);
    }

    Collection<RankProgress> ranks() {
        return byRank.values();
    }

    /** The rank of which the latest step is known; its epoch and step are the run's. */
    RankProgress latest() {
        return Collections.max(
                ranks(), Comparator.comparingInt(RankProgress::epoch).thenComparingInt(RankProgress::step));
    }

    /** Mean cross-entropy of the images of all ranks in the last step that each has told of. */
    double loss() {
        return ranks().stream().mapToDouble(RankProgress::lossSum).sum()
                / Math.max(1, ranks().stream().mapToInt(RankProgress::examples).sum());
    }

    /** Training images of all replicas in this epoch so far, by its seconds so far. */
    double imagesPerSecond() {
        return latest().images() / latest().seconds();
    }

    /** Share of this epoch's time so far that the ranks have spent in all-reduces, 0 to 1. */
    double allReduceShare() {
        int epoch = latest().epoch();
        List<RankProgress> current =
                ranks().stream().filter(rank -> rank.epoch() == epoch).toList();
        return current.stream().mapToDouble(RankProgress::allReduceSeconds).sum()
                / current.stream().mapToDouble(RankProgress::seconds).sum();
    }

    /** The rank with the longest steps of its own in this attempt so far. */
    SlowestRank slowest() {
        List<RankProgress> all = List.copyOf(ranks());
        SlowestRank slowest = SlowestRank.of(all.stream()
                .mapToDouble(rank -> rank.ownSeconds() / rank.attemptSteps())
                .toArray());
        return new SlowestRank(all.get(slowest.rank()).rank(), slowest.slowdown());
    }

    /** The epochs that this attempt has finished. */
    public List<EpochRow> finished() {
        return ranks().stream()
                .map(RankProgress::finished)
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
    }

    /** Seconds to the end of the last epoch, by the epochs of this attempt, or before its first by the steps so far. */
    double secondsLeft() {
        RankProgress latest = latest();
        OptionalDouble whole =
                finished().stream().mapToDouble(EpochRow::seconds).average();
        double epochSeconds = whole.orElse(latest.seconds() / latest.step() * latest.steps());
        return (latest.epochs() - latest.epoch() + 1 - (double) latest.step() / latest.steps()) * epochSeconds;
    }
}
