package io.densespark.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads and writes {@value DatasetDescription#FILE_NAME}: UTF-8 JSON, one object, a field for each component. */
final class DescriptionFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    private DescriptionFile() {}

    /** What is looked at first: a newer format may have fields that this release can't name. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Version(int format) {}

    static DatasetDescription read(Configuration conf, Path folder) {
        Path file = new Path(folder, DatasetDescription.FILE_NAME);
        try (InputStream in = FileSystems.of(conf, file).open(file)) {
            return parse(file, in.readAllBytes());
        } catch (IOException e) {
            if (Obstacle.of(conf, file, e) == Obstacle.MISSING) {
                throw new DataException(
                        folder + " is not a prepared data set, it has no " + DatasetDescription.FILE_NAME
                                + ": check the path, or run prepare",
                        e);
            }
            throw DataException.cannotRead(conf, file, e);
        }
    }

    private static DatasetDescription parse(Path file, byte[] bytes) throws IOException {
        try {
            // The text null makes no object.
            int format = Optional.ofNullable(JSON.readValue(bytes, Version.class))
                    .map(Version::format)
                    .orElse(0);
            if (format != DatasetDescription.FORMAT && format != DatasetDescription.ENCODED_FORMAT) {
                throw new DataException(file + " has format " + format + " where this release reads "
                        + DatasetDescription.FORMAT + " and " + DatasetDescription.ENCODED_FORMAT
                        + ": run prepare again with this release");
            }
            return JSON.readValue(bytes, DatasetDescription.class);
        } catch (ValueInstantiationException e) {
            throw new DataException(
                    file + " is damaged, " + Obstacle.reason(Objects.requireNonNullElse(e.getCause(), e)), e);
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is damaged (" + firstLine(e) + "): run prepare again", e);
        }
    }

    static void write(DatasetDescription description, Configuration conf, Path folder) {
        Path file = new Path(folder, DatasetDescription.FILE_NAME);
        try {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            content.writeBytes(JSON.writeValueAsBytes(description));
            content.write('\n');
            StagedFile.write(file, conf, Content.of(content.toByteArray()));
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("not JSON");
    }
}
