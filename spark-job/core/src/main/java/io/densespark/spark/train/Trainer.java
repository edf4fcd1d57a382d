package io.densespark.spark.train;

import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.EpochRest;
import io.densespark.data.batch.ImageBatch;
import io.densespark.data.batch.ImageTransform;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.Replica;
import io.densespark.model.replica.StepOutcome;
import io.densespark.model.replica.TrainingSteps;
import io.densespark.spark.evaluate.Evaluation;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.RankProgress;
import io.densespark.spark.rank.BatchPixels;
import io.densespark.spark.settings.TrainSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The epochs of one rank: every rank runs the same code on its share of every batch. */
final class Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
    private static final int PREFETCH = 2;

    private final RunPlan plan;
    private final TrainSettings settings;
    private final RankSession session;
    private final Replica replica;
    private final Kernels kernels;
    private final ProcessGroup group;
    private final StepJournal journal;
    private final String host;
    private final Consumer<RankProgress> progress;
    private final Feed feed;
    private final Feed.Part kept;
    private final Sgd optimizer;
    private final List<EpochRow> history;
    private final RunCheckpoints checkpoints;
    private final CheckpointClock clock;
    private final BackgroundWriter writer;

    /** Epochs of this attempt whose checkpoints are complete; the writer's thread adds to them. */
    private volatile List<EpochRow> finished = List.of();

    private long steps;
    private long allReduceBytes;
    private BatchResult last = BatchResult.EMPTY;
    private double ownSeconds;
    private double seconds;

    /**
     * @param isStopAsked whether this rank is to see that training stops
     * @param writer of what goes to storage; the caller's
     * @param host of this rank, for people
     * @param progress told after every step
     */
    Trainer(
            RunPlan plan,
            RankSession session,
            Kernels kernels,
            ProcessGroup group,
            Feed feed,
            StepJournal journal,
            BooleanSupplier isStopAsked,
            BackgroundWriter writer,
            String host,
            Consumer<RankProgress> progress) {
        this.feed = feed;
        kept = feed.validation();
        this.plan = plan;
        this.settings = plan.settings();
        this.session = session;
        this.replica = session.replica;
        this.kernels = kernels;
        this.group = group;
        this.journal = journal;
        this.host = host;
        this.progress = progress;
        optimizer = settings.schedule().optimizer();
        history = new ArrayList<>(session.history());
        checkpoints = new RunCheckpoints(plan, session, group, writer);
        clock = new CheckpointClock(settings.checkpoints(), group, isStopAsked);
        this.writer = writer;
    }

    /**
     * Trains the epochs that are left, or until a rank is asked to stop.
     *
     * @return whether it was stopped before the end, after a checkpoint
     */
    boolean run() throws IOException, InterruptedException {
        EpochTotals totals = EpochTotals.after(session.progress(), group.rank(), group.worldSize());
        long begin = System.nanoTime() - totals.nanos;
        boolean isStopped = false;
        for (int epoch = history.size(); epoch < settings.schedule().epochs() && !isStopped; epoch++) {
            long start = System.nanoTime() - totals.nanos;
            isStopped = train(epoch, totals);
            if (!isStopped) {
                end(epoch, totals, start);
                seconds = (System.nanoTime() - begin) / 1e9;
                report(epoch, (int) totals.steps, totals);
                ownSeconds += totals.ownSeconds();
                totals = new EpochTotals();
                isStopped = epoch + 1 < settings.schedule().epochs() && clock.ask() == CheckpointClock.Wish.STOP;
            }
        }
        writer.await();
        return isStopped;
    }

    /** What comes between the last step of an epoch and the first of the next. */
    private void end(int epoch, EpochTotals totals, long start) throws IOException, InterruptedException {
        averageRunningStatistics(totals.result.examples());
        BatchResult validation = evaluate(kept);
        String digest = WeightsDigest.requireEqual(replica.parameters(), group);
        EpochRow row = EpochFigures.exchange(group, epoch, totals, validation, session.rank.peakBytes(), digest, start);
        requireFinite(row);
        history.add(row);
        journal.end(row);
        LOG.info(
                "rank {}: epoch {} of {} took {} s, train loss {}, validation error {}",
                group.rank(),
                row.epoch(),
                settings.schedule().epochs(),
                row.seconds(),
                row.trainLoss(),
                row.validError());
        List<EpochRow> complete = List.copyOf(history.subList(session.history().size(), history.size()));
        checkpoints.endEpoch(history, () -> finished = complete);
        clock.begin();
    }

    /** @return whether it was stopped before the epoch's end */
    private boolean train(int epoch, EpochTotals totals) throws IOException, InterruptedException {
        Feed.Part whole = feed.training(epoch);
        int batches = whole.share().batches();
        int begun = (int) totals.steps;
        Feed.Part part = new Feed.Part(whole.images(), new EpochRest(whole.share(), begun));
        double rate = optimizer.rateOf(epoch, settings.schedule().epochs());
        long start = System.nanoTime() - totals.nanos;
        long waited = totals.dataWaitNanos;
        int parts = begun == 0 ? 0 : session.progress().journalParts();
        journal.begin(epoch + 1, (long) epoch * batches + begun, parts, rate, totals);
        try (BatchLoader loader = load(part, settings.augmentation(), epoch)) {
            TrainingSteps sequence = new TrainingSteps(replica, kernels, group, outcome -> {
                totals.nanos = System.nanoTime() - start;
                totals.dataWaitNanos = waited + loader.waitNanos();
                end(outcome, epoch, batches, totals);
            });
            for (Optional<ImageBatch> next = loader.next(); next.isPresent(); next = loader.next()) {
                int first = whole.share().first(begun++);
                step(sequence, next.get(), rate, new BatchPosition(plan.seed(), epoch, first));
                CheckpointClock.Wish wish = begun < batches ? clock.after(begun) : CheckpointClock.Wish.NOTHING;
                if (wish != CheckpointClock.Wish.NOTHING) {
                    sequence.finish();
                    checkpoint(totals);
                }
                if (wish == CheckpointClock.Wish.STOP) {
                    return true;
                }
            }
            sequence.finish();
        }
        return false;
    }

    /** Between two steps; the steps' figures go first, so that whatever a run goes on from is in its files. */
    private void checkpoint(EpochTotals totals) throws IOException {
        clock.begin();
        if (!WeightsDigest.isFinite(replica.parameters())) {
            throw withItsSteps(new NonFiniteLossException(
                    "the weights are",
                    "step " + totals.steps + " of epoch " + (history.size() + 1),
                    checkpoints.newest()));
        }
        journal.flush();
        checkpoints.withinEpoch(history, totals.exchange(group, journal.parts()));
    }

    private void step(TrainingSteps sequence, ImageBatch batch, double rate, BatchPosition position)
            throws IOException {
        sequence.take(
                BatchPixels.of(batch),
                batch.labels(),
                batch.weights(),
                batch.count(),
                batch.globalCount(),
                position,
                () -> optimizer.step(replica, rate));
        allReduceBytes += sequence.bytes();
    }

    private void end(StepOutcome outcome, int epoch, int batches, EpochTotals totals) throws IOException {
        steps++;
        totals.add(outcome);
        if (!outcome.areGradientsNumbers()) {
            throw nonFiniteLoss(Double.isFinite(outcome.result().lossSum()), epoch, totals.steps);
        }
        last = outcome.result();
        journal.add(last, totals);
        report(epoch, batches, totals);
    }

    /** All ranks come here at the same step, so they can find out together whose loss it is. */
    private NonFiniteLossException nonFiniteLoss(boolean ownIsFinite, int epoch, long step) {
        RankTable table = RankTable.exchange(group, ownIsFinite ? 0 : 1);
        List<Integer> ranks = IntStream.range(0, group.worldSize())
                .filter(rank -> table.row(rank)[0] == 1)
                .boxed()
                .toList();
        return withItsSteps(new NonFiniteLossException(ranks, epoch + 1, step, checkpoints.newest()));
    }

    /** The steps that led to it are kept for people to look at. */
    private NonFiniteLossException withItsSteps(NonFiniteLossException failure) {
        try {
            journal.flush();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void report(int epoch, int batches, EpochTotals totals) {
        progress.accept(new RankProgress(
                group.rank(),
                host,
                epoch + 1,
                settings.schedule().epochs(),
                (int) totals.steps,
                batches,
                last.lossSum(),
                last.examples(),
                totals.globalImages,
                totals.nanos / 1e9,
                totals.allReduceNanos / 1e9,
                steps,
                ownSeconds + totals.ownSeconds(),
                group.rank() == 0 ? finished : List.of()));
    }

    /** All replicas go on from the mean of their running statistics, weighted by the examples that each has seen. */
    private void averageRunningStatistics(int examples) {
        double share = examples / group.sum(new double[] {examples})[0];
        kernels.scale(replica.runningStatistics(), share);
        group.sum(replica.runningStatistics());
    }

    private BatchResult evaluate(Feed.Part part) throws InterruptedException {
        try (BatchLoader loader = load(part, Augmentation.NONE, 0)) {
            return Evaluation.of(replica, loader);
        }
    }

    /** Weights and validation loss are the same on all ranks, so all stop or none. */
    private void requireFinite(EpochRow row) {
        if (!WeightsDigest.isFinite(replica.parameters())) {
            throw withItsSteps(
                    new NonFiniteLossException("the weights are", "epoch " + row.epoch(), checkpoints.newest()));
        }
        if (kept.share().batches() > 0 && !Double.isFinite(row.validLoss())) {
            throw withItsSteps(
                    new NonFiniteLossException("the validation loss is", "epoch " + row.epoch(), checkpoints.newest()));
        }
    }

    private BatchLoader load(Feed.Part part, Augmentation augmentation, int epoch) {
        ImageTransform transform =
                new ImageTransform(part.images().shape(), feed.normalization(), augmentation, plan.seed(), epoch);
        return part.images().load(part.share(), transform, PREFETCH, session.rank.cores());
    }

    List<EpochRow> finished() {
        return finished;
    }

    /** From the first step of this attempt to the end of its last epoch, validation and checkpoints included. */
    double seconds() {
        return seconds;
    }

    /** Of the steps of this attempt's finished epochs, without their all-reduces. */
    double ownSeconds() {
        return ownSeconds;
    }

    long steps() {
        return steps;
    }

    long allReduceBytes() {
        return allReduceBytes;
    }
}
