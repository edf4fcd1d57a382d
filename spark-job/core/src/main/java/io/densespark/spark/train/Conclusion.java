package io.densespark.spark.train;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Normalization;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.JobException;
import io.densespark.spark.evaluate.EvaluateJob;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.SlowestRank;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.Manifest;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.ResultsCsv;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The end of a run, on the driver: the best epoch's model, its one test, and the results.
 *
 * @param ranks what they report, at least one
 */
record Conclusion(RunPlan plan, DataFacts facts, CheckpointStore checkpoints, List<TrainedRank> ranks) {
    static final String MODEL = "model";

    /** Writes the best model, tests it on the prepared data set that it was trained on, and writes the results. */
    TrainResult testAndWrite(JavaSparkContext sc) throws IOException {
        Configuration conf = sc.hadoopConfiguration();
        Complete last = last();
        Path model = saveBest(last, conf);
        Path data = new Path(plan.settings().places().data());
        double accuracy = EvaluateJob.of(model, data, DatasetDescription.TEST, conf)
                .run(sc, plan.worldSize())
                .accuracy();
        List<EpochRow> history = last.manifest().history();
        ResultsCsv.write(new Path(save(), TrainJob.RESULTS), conf, history, OptionalDouble.of(1 - accuracy));
        TrainResult result = result(plan, last.manifest(), accuracy, model.toString(), ranks);
        result.write(save(), conf);
        return result;
    }

    /** Writes the best model. */
    List<EpochRow> write(Configuration conf) throws IOException {
        Complete last = last();
        saveBest(last, conf);
        return last.manifest().history();
    }

    private Path save() {
        return new Path(plan.settings().places().save());
    }

    private Complete last() throws IOException {
        return checkpoints
                .newest()
                .orElseThrow(() -> new JobException("the driver sees no checkpoint in " + save()
                        + " after training: it must be on a file system that driver and executors share, and nobody may "
                        + "remove checkpoints from it; use the same command again to train anew"));
    }

    private Path saveBest(Complete last, Configuration conf) throws IOException {
        Map<String, NamedTensor> state = new LinkedHashMap<>(checkpoints.readBest(last));
        state.remove(ReplicaState.VELOCITY);
        Normalization normalization = ranks.get(0).normalization();
        ModelDescription description = new ModelDescription(
                plan.spec(),
                facts.classes(),
                doubles(normalization.mean()),
                doubles(normalization.std()),
                new ImageShape(facts.shape().height(), facts.shape().width()));
        Path folder = new Path(save(), MODEL);
        Path qualified = folder.getFileSystem(conf).makeQualified(folder);
        new ModelFolder(description, state).write(qualified, conf);
        return qualified;
    }

    private static List<Double> doubles(List<Float> values) {
        return values.stream().map(Float::doubleValue).toList();
    }

    private static TrainResult result(
            RunPlan plan, Manifest manifest, double accuracy, String model, List<TrainedRank> ranks) {
        List<EpochRow> history = manifest.history();
        List<EpochRow> now = ranks.get(0).rows();
        double earlierSeconds = history.subList(0, history.size() - now.size()).stream()
                .mapToDouble(EpochRow::seconds)
                .sum();
        double steps = history.stream().mapToDouble(EpochRow::trainSeconds).sum();
        double images = history.stream()
                .mapToDouble(row -> row.imagesPerSecond() * row.trainSeconds())
                .sum();
        double waits = history.stream().mapToDouble(EpochRow::dataWaitSeconds).sum();
        long peak = Math.max(
                history.stream().mapToLong(EpochRow::peakBytes).max().orElse(0),
                ranks.stream().mapToLong(TrainedRank::peakBytes).max().orElse(0));
        SlowestRank slowest = SlowestRank.of(
                ranks.stream().mapToDouble(TrainedRank::ownSeconds).toArray());
        return new TrainResult(
                accuracy,
                images / steps,
                peak,
                (int) ranks.stream().map(TrainedRank::executor).distinct().count(),
                earlierSeconds + ranks.get(0).seconds(),
                history.size(),
                manifest.bestEpoch(),
                ParameterLayout.of(plan.spec()).parameterCount(),
                plan.seed(),
                slowest.rank(),
                slowest.slowdown(),
                waits / steps,
                model,
                ranks.stream().map(TrainResult.Rank::of).toList());
    }
}
