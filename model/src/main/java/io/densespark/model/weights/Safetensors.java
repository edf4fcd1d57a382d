package io.densespark.model.weights;

import io.densespark.model.ModelException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The safetensors format. Written are float32 tensors only; float64, float16 and bfloat16 are read as well, by conversion
 * to float. Of tensors of other types only shape and type are read, and the counters of PyTorch's norms are left out.
 *
 * <pre>
 * bytes 0..7     n, the length of the header, unsigned 64 bit little-endian
 * bytes 8..8+n   JSON: {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ..}, padded with blanks;
 *                offsets count from the end of the header; an entry "__metadata__" holds strings
 * then           the tensors' bytes, little-endian, row-major, without gaps
 * </pre>
 */
public final class Safetensors {
    /** PyTorch's norms count their batches; nothing here depends on it. */
    private static final String COUNTER = ".num_batches_tracked";

    private static final int CHUNK = 1 << 16;

    private Safetensors() {}

    /**
     * What a file holds.
     *
     * @param tensors in the order in which they lie in the file
     * @param metadata strings by name, from the entry "__metadata__"
     */
    public record Content(Map<String, NamedTensor> tensors, Map<String, String> metadata) {}

    /** Writes the tensors in the map's order and leaves the stream open. */
    public static void write(Map<String, NamedTensor> tensors, OutputStream out) throws IOException {
        write(new Content(tensors, Map.of()), out);
    }

    /** Writes tensors and metadata in the maps' order and leaves the stream open. */
    public static void write(Content content, OutputStream out) throws IOException {
        out.write(SafetensorsHeader.bytes(content));
        for (NamedTensor tensor : content.tensors().values()) {
            writeValues(tensor.values(), out);
        }
    }

    private static void writeValues(float[] values, OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
            int count = Math.min(CHUNK / Float.BYTES, values.length - from);
            chunk.asFloatBuffer().put(values, from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    /**
     * Reads all tensors, in the order in which they lie in the file, and leaves the stream open. Those of other types than
     * floats come without values ({@link NamedTensor#isRead()}).
     *
     * @param source what to name in an error
     * @throws ModelException if the file is damaged or truncated
     */
    public static Map<String, NamedTensor> read(InputStream in, String source) throws IOException {
        return readAll(in, source).tensors();
    }

    /** Reads tensors and metadata; as {@link #read} otherwise. */
    public static Content readAll(InputStream in, String source) throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            SafetensorsHeader header = SafetensorsHeader.read(data, source);
            Map<String, NamedTensor> tensors = new LinkedHashMap<>();
            long expected = 0;
            for (SafetensorsHeader.Entry entry : header.entries()) {
                if (entry.begin() != expected) {
                    throw offsets(entry, source);
                }
                NamedTensor tensor = read(data, entry, source);
                if (tensor.isRead() || !entry.name().endsWith(COUNTER)) {
                    tensors.put(entry.name(), tensor);
                }
                expected = entry.end();
            }
            if (data.read() != -1) {
                throw SafetensorsHeader.damaged(source, "bytes follow its last tensor");
            }
            return new Content(tensors, header.metadata());
        } catch (EOFException e) {
            throw new ModelException(source + " is truncated: copy it again", e);
        }
    }

    private static NamedTensor read(DataInputStream data, SafetensorsHeader.Entry entry, String source)
            throws IOException {
        Optional<TensorType> type = TensorType.of(entry.type());
        if (type.isEmpty()) {
            data.skipNBytes(entry.end() - entry.begin());
            return NamedTensor.unread(entry.shape(), entry.type());
        }
        int elements = elements(entry, source);
        if (entry.end() - entry.begin() != (long) elements * type.get().bytes()) {
            throw offsets(entry, source);
        }
        return new NamedTensor(entry.shape(), readValues(data, type.get(), elements));
    }

    private static int elements(SafetensorsHeader.Entry entry, String source) {
        try {
            return NamedTensor.elements(entry.shape());
        } catch (ArithmeticException e) {
            throw SafetensorsHeader.damaged(
                    source, "tensor " + entry.name() + " of shape " + entry.shape() + " is too large");
        }
    }

    private static ModelException offsets(SafetensorsHeader.Entry entry, String source) {
        return SafetensorsHeader.damaged(
                source, "the offsets of tensor " + entry.name() + " don't match its shape " + entry.shape());
    }

    private static float[] readValues(DataInputStream data, TensorType type, int elements) throws IOException {
        // Grows with what is there: a damaged header may promise more than fits in memory.
        float[] values = new float[Math.min(elements, CHUNK)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int chunkElements = CHUNK / type.bytes();
        for (int from = 0; from < elements; from += chunkElements) {
            int count = Math.min(chunkElements, elements - from);
            data.readFully(chunk.array(), 0, count * type.bytes());
            if (from + count > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(elements, 2L * values.length));
            }
            chunk.clear();
            for (int i = from; i < from + count; i++) {
                values[i] = type.next(chunk);
            }
        }
        return values;
    }
}
