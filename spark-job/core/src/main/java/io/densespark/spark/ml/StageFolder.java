package io.densespark.spark.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.package$;
import org.apache.spark.sql.SparkSession;

/**
 * A saved stage, in the layout of Spark's own: {@code metadata/part-00000} is one line of JSON with the class, the uid, and
 * the params. Spark's releases write it with libraries of their own, which differ; written here it is the same on all of
 * them, and needs no job. A model's other files lie beside it.
 */
final class StageFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "metadata";

    private final Path folder;
    private final Configuration conf;

    private StageFolder(Path folder, Configuration conf) {
        this.folder = folder;
        this.conf = conf;
    }

    /** The folder at a place, as {@link LocalMode} has Spark mean it. */
    static StageFolder at(String place) {
        Path folder =
                LocalMode.isOn() ? new Path(Paths.get(place).toAbsolutePath().toUri()) : new Path(place);
        return new StageFolder(folder, hadoop());
    }

    private static Configuration hadoop() {
        scala.Option<SparkSession> session = SparkSession.getActiveSession();
        scala.Option<SparkSession> found = session.isDefined() ? session : SparkSession.getDefaultSession();
        if (found.isEmpty()) {
            return new Configuration();
        }
        SparkContext sc = found.get().sparkContext();
        return sc.hadoopConfiguration();
    }

    Path path() {
        return folder;
    }

    Configuration conf() {
        return conf;
    }

    /** Writes class, uid and params; the last act of a save. */
    void writeMetadata(Params stage) throws IOException {
        ObjectNode metadata = JSON.createObjectNode()
                .put("class", stage.getClass().getName())
                .put("timestamp", System.currentTimeMillis())
                .put("sparkVersion", package$.MODULE$.SPARK_VERSION())
                .put("uid", stage.uid());
        ObjectNode set = metadata.putObject("paramMap");
        ObjectNode defaults = metadata.putObject("defaultParamMap");
        for (Param<?> param : stage.params()) {
            if (stage.isSet(param)) {
                set.set(param.name(), json(param, stage.getOrDefault(param)));
            }
            if (stage.hasDefault(param)) {
                defaults.set(param.name(), json(param, stage.getDefault(param).get()));
            }
        }
        Path place = new Path(folder, METADATA);
        write(new Path(place, "part-00000"), JSON.writeValueAsString(metadata) + "\n");
        write(new Path(place, "_SUCCESS"), "");
    }

    private void write(Path file, String text) throws IOException {
        StagedFile.write(file, conf, Content.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @SuppressWarnings("unchecked") // The value is the param's own.
    private static JsonNode json(Param<?> param, Object value) throws JsonProcessingException {
        return JSON.readTree(((Param<Object>) param).jsonEncode(value));
    }

    /**
     * Reads the metadata.
     *
     * @throws JobException if there is none here, or it is another class's
     */
    Metadata readMetadata(Class<?> wanted) throws IOException {
        JsonNode metadata = JSON.readTree(text());
        String found = metadata.path("class").asText();
        if (!found.equals(wanted.getName())) {
            throw new JobException(folder + " holds a " + (found.isEmpty() ? "damaged stage" : found) + ", not a "
                    + wanted.getName() + ": load it with its own class");
        }
        return new Metadata(folder, metadata);
    }

    private String text() throws IOException {
        Path place = new Path(folder, METADATA);
        FileSystem files = PlainFiles.of(place, conf).system();
        try {
            Path part = Arrays.stream(files.listStatus(place))
                    .filter(file -> file.getPath().getName().startsWith("part-") && file.getLen() > 0)
                    .map(FileStatus::getPath)
                    .findFirst()
                    .orElseThrow(() -> new FileNotFoundException("no part in " + place));
            try (InputStream in = files.open(part)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (FileNotFoundException e) {
            throw new JobException(
                    folder + " is no saved stage: it has no " + METADATA + "; give a folder that save() wrote", e);
        }
    }

    /**
     * What a saved stage says of itself.
     *
     * @param folder that it is in, for messages
     */
    record Metadata(Path folder, JsonNode json) {
        String uid() {
            return json.path("uid").asText();
        }

        /** @throws JobException if the stage has no such param, or a value isn't the param's */
        void setParams(Params stage) {
            for (Map.Entry<String, JsonNode> entry :
                    json.path("defaultParamMap").properties()) {
                Param<Object> param = param(stage, entry.getKey());
                stage.setDefault(param, value(param, entry.getValue()));
            }
            for (Map.Entry<String, JsonNode> entry : json.path("paramMap").properties()) {
                Param<Object> param = param(stage, entry.getKey());
                stage.set(param, value(param, entry.getValue()));
            }
        }

        private Param<Object> param(Params stage, String name) {
            if (!stage.hasParam(name)) {
                throw new JobException(folder + " was saved with a param " + name
                        + " that this release doesn't know: use the release that saved it, or a later one");
            }
            return stage.getParam(name);
        }

        private Object value(Param<Object> param, JsonNode json) {
            try {
                return param.jsonDecode(json.toString());
            } catch (RuntimeException e) {
                throw new JobException(
                        folder + " has a value of param " + param.name() + " that isn't one: " + json
                                + "; save the stage again",
                        e);
            }
        }
    }
}
