package io.densespark.spark.train;

import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.JobException;
import io.densespark.spark.Json;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.store.DamagedFileException;
import io.densespark.spark.store.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a training run gave: the content of {@code result.json}, and of the line {@code RESULT} for programs.
 *
 * @param accuracy share of the test images that the best model classifies right, 0 to 1
 * @param imagesPerSecond training images of all replicas by the seconds of the training steps
 * @param peakBytes of the largest replica: on CPU its process' peak resident memory less what it had before the replica was
 *     made; on a GPU what was in use of its memory, CUDA's own part included
 * @param executors processes that held a replica at the end
 * @param trainSeconds from the first step to the end of the last epoch, validation and checkpoints included
 * @param epochs trained
 * @param bestEpoch whose model was kept, counted from 1
 * @param parameters of the network
 * @param seed of the run
 * @param slowestRank for which the others waited in the last attempt's steps
 * @param slowdown the time of its own in these steps by the median of the other ranks'
 * @param dataWaitShare of the training steps' time, in which replicas waited for batches, mean over them
 * @param model URI of the model folder
 * @param ranks what each rank reports of itself
 */
public record TrainResult(
        double accuracy,
        double imagesPerSecond,
        long peakBytes,
        int executors,
        double trainSeconds,
        int epochs,
        int bestEpoch,
        long parameters,
        long seed,
        int slowestRank,
        double slowdown,
        double dataWaitShare,
        String model,
        List<Rank> ranks) {

    /** File name in the save folder. */
    public static final String FILE = "result.json";

    public TrainResult {
        ranks = List.copyOf(ranks);
    }

    /**
     * What a rank reports of itself; steps, bytes and digests are those of the last attempt.
     *
     * @param host of its executor, by Spark's name
     * @param device such as {@code cpu} or {@code cuda:0}
     * @param precision of its products, {@code fp32}, {@code tf32} or {@code bf16}
     * @param recompute level at which its replica ran
     * @param allReduceBytes of gradients that it gave to all-reduces
     * @param ownSeconds of its steps, without their all-reduces
     * @param weightsSha256 at the end
     * @param epochWeightsSha256 after each epoch
     */
    public record Rank(
            int rank,
            String executor,
            String host,
            long pid,
            String device,
            String precision,
            String recompute,
            long steps,
            long allReduceBytes,
            double ownSeconds,
            String weightsSha256,
            List<String> epochWeightsSha256) {
        public Rank {
            epochWeightsSha256 = List.copyOf(epochWeightsSha256);
        }

        static Rank of(TrainedRank trained) {
            return new Rank(
                    trained.rank(),
                    trained.executor(),
                    trained.host(),
                    trained.pid(),
                    trained.device(),
                    trained.precision(),
                    trained.recompute(),
                    trained.steps(),
                    trained.allReduceBytes(),
                    trained.ownSeconds(),
                    trained.weightsSha256(),
                    trained.rows().stream().map(EpochRow::weightsSha256).toList());
        }
    }

    /** The result on one line. */
    public String toJson() {
        return Json.line(this);
    }

    void write(Path save, Configuration conf) throws IOException {
        StagedFile.write(new Path(save, FILE), conf, Content.of(Json.lines(this).getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Looks for a result. One that was cut off is none: its run goes on, and writes it anew.
     *
     * @throws JobException if {@code save} holds the result of an earlier run, or one that may not be read
     */
    static void requireNone(Path save, Configuration conf) throws IOException {
        if (isFinished(save, conf)) {
            throw new JobException(
                    save + " holds a finished run (" + FILE + "): use another --save, or remove the folder");
        }
    }

    private static boolean isFinished(Path save, Configuration conf) throws IOException {
        try {
            return StoredFile.read(new Path(save, FILE), conf, in -> isWhole(in.readAllBytes()))
                    .value();
        } catch (FileNotFoundException | DamagedFileException e) {
            return false;
        }
    }

    private static boolean isWhole(byte[] text) {
        // Its last field stands for all of them, whatever release wrote it.
        return Json.tree(text).map(result -> result.path("ranks").isArray()).orElse(false);
    }
}
