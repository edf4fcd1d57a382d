package io.densespark.spark.tensorboard;

import com.google.protobuf.CodedOutputStream;
import io.densespark.data.files.StagedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One event file: scalars by tag and step. It is put together in memory and written at once, since object stores can't
 * append; it is there whole or not at all. Not thread-safe.
 *
 * <p>The file is a series of {@link TfRecords}, each a protocol buffer of TensorFlow's type {@code Event}; the first one has
 * only a time and the version. These are the fields in use:
 *
 * <pre>
 * Event    1  double  wall_time, in seconds since 1970
 *          2  int64   step
 *          3  string  file_version, "brain.Event:2"
 *          5  Summary summary
 * Summary  1  Value   value, repeated
 * Value    1  string  tag
 *          2  float   simple_value
 * </pre>
 */
public final class EventFile {
    /** TensorBoard takes a file for one of its own if its name has "tfevents" in it. */
    public static final String NAME_PREFIX = "events.out.tfevents.";

    private static final String VERSION = "brain.Event:2";
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();

    /** @param millis since 1970, of the first event */
    public EventFile(long millis) {
        add(event -> {
            event.writeDouble(EVENT_WALL_TIME, millis / 1e3);
            event.writeString(EVENT_FILE_VERSION, VERSION);
        });
    }

    /**
     * Adds one event.
     *
     * @param millis since 1970
     * @param scalars by tag; they are rounded to floats
     */
    public void add(long millis, long step, Map<String, Double> scalars) {
        byte[] summary = message(value -> {
            for (Map.Entry<String, Double> scalar : scalars.entrySet()) {
                value.writeByteArray(SUMMARY_VALUE, message(field -> {
                    field.writeString(VALUE_TAG, scalar.getKey());
                    field.writeFloat(VALUE_SIMPLE, scalar.getValue().floatValue());
                }));
            }
        });
        add(event -> {
            event.writeDouble(EVENT_WALL_TIME, millis / 1e3);
            event.writeInt64(EVENT_STEP, step);
            event.writeByteArray(EVENT_SUMMARY, summary);
        });
    }

    /** Writes the events so far, in the place of any file that was there. */
    public void write(Path file, Configuration conf) throws IOException {
        StagedFile.write(file, conf, records::writeTo);
    }

    private void add(Fields event) {
        try {
            TfRecords.write(message(event), records);
        } catch (IOException e) {
            throw new IllegalStateException("memory doesn't fail", e);
        }
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream coded = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory doesn't fail", e);
        }
        return bytes.toByteArray();
    }

    /** Writes the fields of one message. */
    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }
}
