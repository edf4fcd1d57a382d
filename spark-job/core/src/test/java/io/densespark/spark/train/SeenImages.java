package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.batch.EpochShare;
import io.densespark.data.batch.Normalization;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * A data set whose ranks write down which image they read for which step: a file for each rank of each attempt, with a line
 * for an image.
 *
 * @param folder of the files, which driver and executors share
 * @param pauseMillis after each step's images of an attempt of fewer than {@code fullSize} ranks
 */
record SeenImages(TrainingData data, String folder, int fullSize, long pauseMillis) implements TrainingData {
    @Override
    public DataFacts facts() {
        return data.facts();
    }

    @Override
    public Optional<JavaRDD<Row>> rows(int worldSize) {
        return data.rows(worldSize);
    }

    @Override
    public Feeder feeder() {
        return new Recorder(data.feeder(), folder, fullSize, pauseMillis);
    }

    /**
     * An attempt, as its ranks have written it down.
     *
     * @param begin the first step, counted from the run's beginning
     * @param written when, in milliseconds: of two that begin at the same step, the later one counts
     * @param worldSize number of ranks
     * @param images by step
     */
    record Attempt(int begin, long written, int worldSize, Map<Integer, List<Integer>> images) {}

    /** The attempts, in the order in which they began. */
    static List<Attempt> attempts(Path folder) {
        Map<String, Attempt> byName = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                read(file, byName);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return byName.values().stream()
                .sorted(Comparator.comparingInt(Attempt::begin).thenComparingLong(Attempt::written))
                .toList();
    }

    private static void read(Path file, Map<String, Attempt> byName) throws IOException {
        String name = file.getFileName().toString();
        long written = Files.getLastModifiedTime(file).toMillis();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            if (words.length != 4 || words[3].isEmpty()) {
                // A killed rank's last line.
                continue;
            }
            Attempt attempt = byName.computeIfAbsent(
                    name.substring(0, name.indexOf('@')),
                    key -> new Attempt(
                            Integer.parseInt(words[0]), written, Integer.parseInt(words[1]), new HashMap<>()));
            attempt.images()
                    .computeIfAbsent(Integer.parseInt(words[2]), step -> new ArrayList<>())
                    .add(Integer.parseInt(words[3]));
        }
    }

    /**
     * Asserts that what the run has learnt from, each attempt up to where the next one began, is each image once an epoch.
     *
     * @param images that are learnt from
     */
    static void assertOnceAnEpoch(List<Attempt> attempts, int epochs, int stepsAnEpoch, int images) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            List<Integer> met = new ArrayList<>();
            for (int step = epoch * stepsAnEpoch; step < (epoch + 1) * stepsAnEpoch; step++) {
                int now = step;
                Attempt by = attempts.stream()
                        .filter(attempt -> attempt.begin() <= now)
                        .reduce((before, after) -> after)
                        .orElseThrow();
                met.addAll(by.images().getOrDefault(step, List.of()));
            }
            assertThat(met).as("epoch %d", epoch).hasSize(images).doesNotHaveDuplicates();
        }
    }

    private record Recorder(Feeder feeder, String folder, int fullSize, long pauseMillis) implements Feeder {
        @Override
        public RankImages open(Rank rank) throws IOException, InterruptedException {
            RankImages images = feeder.open(rank);
            return (plan, group) -> record(images.join(plan, group), plan, group);
        }

        @Override
        public boolean hasShortBatch() {
            return feeder.hasShortBatch();
        }

        @Override
        public boolean hasOneOrder() {
            return feeder.hasOneOrder();
        }

        private Feed record(Feed feed, RunPlan plan, ProcessGroup group) {
            int begin = begin(plan, feed);
            Path file = Path.of(folder, plan.attempt() + "@" + group.rank());
            PrintWriter out;
            try {
                out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            long pause = group.worldSize() < fullSize ? pauseMillis : 0;
            return new RecordedFeed(feed, out, begin + " " + group.worldSize() + " ", pause);
        }

        private static int begin(RunPlan plan, Feed feed) {
            if (!(plan.beginning() instanceof Beginning.Checkpoint checkpoint)) {
                return 0;
            }
            try {
                Manifest from = new CheckpointStore(plan.checkpoints(), new Configuration())
                        .read(checkpoint.folder())
                        .orElseThrow()
                        .manifest();
                return from.epochs() * feed.training(0).share().batches()
                        + from.progress().steps();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record RecordedFeed(Feed feed, PrintWriter out, String beginning, long pauseMillis) implements Feed {
        @Override
        public Normalization normalization() {
            return feed.normalization();
        }

        @Override
        public Part training(int epoch) {
            Part part = feed.training(epoch);
            return new Part(part.images(), new RecordedShare(part.share(), epoch, this));
        }

        @Override
        public Part validation() {
            return feed.validation();
        }
    }

    private record RecordedShare(EpochShare share, int epoch, RecordedFeed to) implements EpochShare {
        @Override
        public int batches() {
            return share.batches();
        }

        @Override
        public int globalCount(int batch) {
            return share.globalCount(batch);
        }

        @Override
        public int count(int batch) {
            return share.count(batch);
        }

        @Override
        public int maxCount() {
            return share.maxCount();
        }

        @Override
        public int first(int batch) {
            return share.first(batch);
        }

        @Override
        public int image(int batch, int position) {
            int image = share.image(batch, position);
            int step = epoch * share.batches() + batch;
            to.out().println(to.beginning() + step + " " + image);
            if (position == 0 && to.pauseMillis() > 0) {
                pause();
            }
            return image;
        }

        private void pause() {
            try {
                Thread.sleep(to.pauseMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
