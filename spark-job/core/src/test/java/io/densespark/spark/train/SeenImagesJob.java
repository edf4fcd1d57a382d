package io.densespark.spark.train;

import io.densespark.spark.cli.JobContext;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A run of {@code densespark train} whose ranks write down which images they see. */
public final class SeenImagesJob {
    private SeenImagesJob() {}

    /**
     * Trains.
     *
     * @param arguments the folder for what the ranks see; how many of them there are when the run has all, and for how many
     *     milliseconds fewer pause in each step; settings as {@code key=value}
     */
    @SuppressWarnings("SystemOut") // What the test reads.
    public static void main(String[] arguments) throws IOException {
        Map<String, String> values = Arrays.stream(arguments)
                .skip(3)
                .map(text -> text.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        TrainSettings settings = TrainSettings.of(SettingValues.parse(values));
        Configuration conf = JobContext.hadoop();
        TrainResult.requireNone(new Path(settings.places().save()), conf);
        TrainingData data = new SeenImages(
                PreparedData.read(new Path(settings.places().data()), conf),
                arguments[0],
                Integer.parseInt(arguments[1]),
                Long.parseLong(arguments[2]));
        JobContext.runBarrier("seen images", settings.cluster().leastReplicas(), sc -> {
            TrainResult result = new TrainJob(sc, System.out, false).run(RunStart.of(settings, data, conf));
            System.out.println("RESULT " + result.toJson());
        });
        System.exit(0);
    }
}
