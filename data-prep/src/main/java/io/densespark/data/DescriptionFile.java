package io.densespark.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads and writes {@value DatasetDescription#FILE_NAME}: UTF-8 JSON, one object, a field for each component. */
final class DescriptionFile {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private DescriptionFile() {}

    static DatasetDescription read(Configuration conf, Path folder) {
        Path file = new Path(folder, DatasetDescription.FILE_NAME);
        byte[] bytes;
        try (InputStream in = file.getFileSystem(conf).open(file)) {
            bytes = in.readAllBytes();
        } catch (FileNotFoundException e) {
            throw new DataException(
                    folder + " is not a prepared data set, it has no " + DatasetDescription.FILE_NAME
                            + ": check the path, or run prepare",
                    e);
        } catch (IOException e) {
            throw DataException.cannotRead(file, e);
        }
        return parse(file, bytes);
    }

    private static DatasetDescription parse(Path file, byte[] bytes) {
        try {
            JsonNode tree = JSON.readTree(bytes);
            if (!tree.isObject()) {
                throw new DataException(file + " is damaged, it is not a JSON object: run prepare again");
            }
            // Looked at first: a newer format may have fields that this release can't name.
            int format = tree.path("format").asInt();
            if (format != DatasetDescription.FORMAT) {
                throw new DataException(file + " has format " + tree.path("format") + ", and this release reads "
                        + DatasetDescription.FORMAT + ": run prepare again with this release");
            }
            return JSON.treeToValue(tree, DatasetDescription.class);
        } catch (ValueInstantiationException e) {
            throw new DataException(file + " is damaged, " + DataException.firstLine(e.getCause()), e);
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is damaged (" + firstLine(e) + "): run prepare again", e);
        } catch (IOException e) {
            throw DataException.cannotRead(file, e);
        }
    }

    /** Under another name first, so that a full disk can't cut the description that is there. */
    static void write(DatasetDescription description, Configuration conf, Path folder) {
        Path file = new Path(folder, DatasetDescription.FILE_NAME);
        Path draft = new Path(folder, "." + DatasetDescription.FILE_NAME + ".draft");
        try {
            FileSystem fileSystem = file.getFileSystem(conf);
            try {
                try (OutputStream out = fileSystem.create(draft, true)) {
                    out.write(JSON.writeValueAsBytes(description));
                    out.write('\n');
                }
                // Hadoop's rename doesn't replace.
                fileSystem.delete(file, false);
                if (!fileSystem.rename(draft, file)) {
                    throw new IOException("it can't be renamed from " + draft.getName());
                }
            } finally {
                fileSystem.delete(draft, false);
            }
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("not JSON");
    }
}
