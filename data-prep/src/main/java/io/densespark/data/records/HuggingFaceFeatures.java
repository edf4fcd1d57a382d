package io.densespark.data.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.densespark.data.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * What Hugging Face notes in a Parquet file: the key {@code huggingface} of its metadata is a JSON object, in which {@code
 * info.features} has an object for each column. That of a label has the names of the classes in {@code names}; it may be
 * within another that has it as {@code feature}, where an image has several labels.
 */
final class HuggingFaceFeatures {
    private static final String NOTE = "huggingface";

    private HuggingFaceFeatures() {}

    /**
     * The names that the numbers in a column stand for, if the file tells them.
     *
     * @throws DataException if the file can't be read
     */
    static Optional<List<String>> labelNames(Configuration conf, Path file, String column) {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
            String note = reader.getFileMetaData().getKeyValueMetaData().get(NOTE);
            return note == null ? Optional.empty() : namesIn(note, column);
        } catch (IOException e) {
            throw DataException.cannotRead(conf, file, e);
        } catch (RuntimeException e) {
            throw new DataException(
                    file + " is no Parquet file, or damaged (" + e.getMessage() + "): copy it again", e);
        }
    }

    /** A note that can't be read says nothing: it is no part of the table. */
    static Optional<List<String>> namesIn(String note, String column) {
        try {
            JsonNode feature = new JsonMapper()
                    .readTree(note)
                    .path("info")
                    .path("features")
                    .path(column);
            JsonNode names = feature.has("feature") ? feature.path("feature").path("names") : feature.path("names");
            List<String> found = new ArrayList<>();
            names.forEach(name -> found.add(name.asText()));
            return found.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(found));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
