package io.densespark.model.weights;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.model.ModelException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file; {@link Safetensors} gives the format.
 *
 * @param entries the tensors, in the order in which they lie in the file
 * @param metadata strings by name
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final int LARGEST = 100_000_000;
    private static final int ALIGNMENT = 8;

    /** A tensor's place: the bytes {@code [begin, end)} behind the header. */
    record Entry(String name, String type, List<Integer> shape, long begin, long end) {}

    /** A tensor as the file has it; its components are the keys. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Place(String dtype, List<Integer> shape, List<Long> dataOffsets) {}

    /** Length and header of a file with those tensors as float32, one after another. */
    static byte[] bytes(Safetensors.Content content) {
        Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));
        metadata.putAll(content.metadata());
        Map<String, Object> header = new LinkedHashMap<>(Map.of(METADATA, metadata));
        long offset = 0;
        for (Map.Entry<String, NamedTensor> entry : content.tensors().entrySet()) {
            NamedTensor tensor = entry.getValue();
            long end = offset + (long) Float.BYTES * tensor.values().length;
            header.put(entry.getKey(), new Place(TensorType.F32.name(), tensor.shape(), List.of(offset, end)));
            offset = end;
        }
        byte[] json = Json.line(header).getBytes(StandardCharsets.UTF_8);
        int padding = (ALIGNMENT - json.length % ALIGNMENT) % ALIGNMENT;
        return ByteBuffer.allocate(Long.BYTES + json.length + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length + padding)
                .put(json)
                .put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8))
                .array();
    }

    /**
     * Reads length and header.
     *
     * @throws ModelException if they are damaged
     */
    static SafetensorsHeader read(DataInputStream data, String source) throws IOException {
        long length = Long.reverseBytes(data.readLong());
        if (length < 2 || length > LARGEST) {
            throw damaged(source, "its header would have " + Long.toUnsignedString(length) + " bytes");
        }
        byte[] text = data.readNBytes((int) length);
        if (text.length < length) {
            throw new EOFException("in its header");
        }
        JsonNode header;
        try {
            header = Json.tree(new String(text, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw damaged(source, "its header is no JSON");
        }
        if (!header.isObject()) {
            throw damaged(source, "its header is no JSON object");
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals(METADATA)) {
                field.getValue()
                        .properties()
                        .forEach(entry ->
                                metadata.put(entry.getKey(), entry.getValue().asText()));
            } else {
                entries.add(entry(field.getKey(), field.getValue(), source));
            }
        }
        // A tensor without elements begins where the next one begins.
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return new SafetensorsHeader(entries, metadata);
    }

    private static Entry entry(String name, JsonNode node, String source) {
        Place place;
        try {
            place = Json.convert(node, Place.class);
        } catch (JsonProcessingException e) {
            throw damaged(source, "tensor " + name + " has no type, shape or offsets: it is " + node);
        }
        List<Long> offsets = place.dataOffsets();
        if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
            throw damaged(source, "tensor " + name + " has offsets " + offsets);
        }
        if (place.shape().stream().anyMatch(side -> side < 0)) {
            throw damaged(source, "tensor " + name + " has shape " + place.shape());
        }
        return new Entry(name, place.dtype(), place.shape(), offsets.get(0), offsets.get(1));
    }

    static ModelException damaged(String source, String why) {
        return new ModelException(source + " is no valid safetensors file: " + why + "; copy or export it again");
    }
}
