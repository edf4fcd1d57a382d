package io.densespark.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.densespark.model.ModelException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The safetensors format. Written are float32 tensors only; float64, float16 and bfloat16 are read as well, by conversion
 * to float. The counters of PyTorch's norms are left out.
 *
 * <pre>
 * bytes 0..7     n, the length of the header, unsigned 64 bit little-endian
 * bytes 8..8+n   JSON: {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ..}, padded with blanks;
 *                offsets count from the end of the header; an entry "__metadata__" holds strings
 * then           the tensors' bytes, little-endian, row-major, without gaps
 * </pre>
 */
public final class Safetensors {
    private static final String METADATA = "__metadata__";

    /** PyTorch's norms count their batches in a tensor of I64; nothing here depends on it. */
    private static final String COUNTER = ".num_batches_tracked";

    private static final int LARGEST_HEADER = 100_000_000;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

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
        Map<String, NamedTensor> tensors = content.tensors();
        ObjectNode header = JSON.createObjectNode();
        ObjectNode metadata = header.putObject(METADATA).put("format", "pt");
        content.metadata().forEach(metadata::put);
        long offset = 0;
        for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
            ObjectNode tensor = header.putObject(entry.getKey());
            tensor.put("dtype", "F32");
            entry.getValue().shape().forEach(tensor.putArray("shape")::add);
            long end = offset + (long) Float.BYTES * entry.getValue().values().length;
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = JSON.writeValueAsString(header);
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        int padding = (ALIGNMENT - json.length % ALIGNMENT) % ALIGNMENT;
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(length.putLong(json.length + padding).array());
        out.write(json);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
        for (NamedTensor tensor : tensors.values()) {
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
     * Reads all tensors as floats, in the order in which they lie in the file, and leaves the stream open.
     *
     * @param source what to name in an error
     * @throws ModelException if the file is damaged, truncated, or holds other types
     */
    public static Map<String, NamedTensor> read(InputStream in, String source) throws IOException {
        return readAll(in, source).tensors();
    }

    /** Reads tensors and metadata; as {@link #read} otherwise. */
    public static Content readAll(InputStream in, String source) throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            JsonNode header = readHeader(data, source);
            List<Entry> entries = entries(header, source);
            Map<String, NamedTensor> tensors = new LinkedHashMap<>();
            long expected = 0;
            for (Entry entry : entries) {
                long bytes = entry.bytes();
                if (entry.begin() != expected || entry.end() - entry.begin() != bytes) {
                    throw damaged(
                            source,
                            "the offsets of tensor " + entry.name() + " don't match its shape " + entry.shape());
                }
                float[] values = readValues(data, entry);
                if (!entry.isCounter()) {
                    tensors.put(entry.name(), new NamedTensor(entry.shape(), values));
                }
                expected = entry.end();
            }
            if (data.read() != -1) {
                throw damaged(source, "bytes follow its last tensor");
            }
            return new Content(tensors, metadata(header));
        } catch (EOFException e) {
            throw new ModelException(source + " is truncated: copy it again", e);
        }
    }

    private static float[] readValues(DataInputStream data, Entry entry) throws IOException {
        int elements = entry.elements();
        // Grows with what is there: a damaged header may promise more than fits in memory.
        float[] values = new float[Math.min(elements, CHUNK)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int chunkElements = CHUNK / entry.type().bytes();
        for (int from = 0; from < elements; from += chunkElements) {
            int count = Math.min(chunkElements, elements - from);
            data.readFully(chunk.array(), 0, count * entry.type().bytes());
            if (from + count > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(elements, 2L * values.length));
            }
            chunk.clear();
            for (int i = from; i < from + count; i++) {
                values[i] = entry.type().next(chunk);
            }
        }
        return values;
    }

    private static JsonNode readHeader(DataInputStream data, String source) throws IOException {
        long length = Long.reverseBytes(data.readLong());
        if (length < 2 || length > LARGEST_HEADER) {
            throw damaged(source, "its header would have " + Long.toUnsignedString(length) + " bytes");
        }
        byte[] text = data.readNBytes((int) length);
        if (text.length < length) {
            throw new EOFException("in its header");
        }
        JsonNode header;
        try {
            header = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw damaged(source, "its header is no JSON");
        }
        if (header == null || !header.isObject()) {
            throw damaged(source, "its header is no JSON object");
        }
        return header;
    }

    private static Map<String, String> metadata(JsonNode header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .fields()
                .forEachRemaining(
                        field -> metadata.put(field.getKey(), field.getValue().asText()));
        return metadata;
    }

    private static List<Entry> entries(JsonNode header, String source) {
        List<Entry> entries = new ArrayList<>();
        header.fields().forEachRemaining(field -> {
            if (!field.getKey().equals(METADATA)) {
                entries.add(entry(field.getKey(), field.getValue(), source));
            }
        });
        // A tensor without elements begins where the next one begins.
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return entries;
    }

    private static Entry entry(String name, JsonNode node, String source) {
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("shape").isArray()
                || !offsets.path(0).isIntegralNumber()
                || !offsets.path(1).isIntegralNumber()) {
            throw damaged(source, "tensor " + name + " has no shape or offsets");
        }
        String typeName = node.path("dtype").asText();
        boolean isCounter = name.endsWith(COUNTER) && typeName.equals("I64");
        Optional<TensorType> type = TensorType.of(typeName);
        if (type.isEmpty() && !isCounter) {
            throw new ModelException(source + ": tensor " + name + " is " + typeName + ", only "
                    + Arrays.toString(TensorType.values()) + " are read; convert it to float32");
        }
        List<Integer> shape = new ArrayList<>();
        node.path("shape").forEach(side -> shape.add(side.isInt() ? side.intValue() : -1));
        if (shape.stream().anyMatch(side -> side < 0)) {
            throw damaged(source, "tensor " + name + " has shape " + node.path("shape"));
        }
        try {
            int elements = shape.stream().reduce(1, Math::multiplyExact);
            return new Entry(
                    name,
                    shape,
                    type.orElse(TensorType.F64),
                    isCounter,
                    elements,
                    offsets.get(0).asLong(),
                    offsets.get(1).asLong());
        } catch (ArithmeticException e) {
            throw damaged(source, "tensor " + name + " of shape " + shape + " is too large");
        }
    }

    private static ModelException damaged(String source, String why) {
        return new ModelException(source + " is no valid safetensors file: " + why + "; copy or export it again");
    }

    /** @param type of a counter: one of as many bytes, for its values don't matter */
    private record Entry(
            String name, List<Integer> shape, TensorType type, boolean isCounter, int elements, long begin, long end) {
        long bytes() {
            return (long) elements * type.bytes();
        }
    }
}
