package io.densespark.benchmark.step;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.benchmark.Json;
import io.densespark.model.weights.NamedTensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a safetensors file that {@link ProblemFiles} wrote, each read anew when it is asked for: the weights of
 * a large network all at once don't fit into the small heap of a measured process.
 */
final class LazyTensors extends AbstractMap<String, NamedTensor> implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final FileChannel file;
    private final long dataStart;
    private final Map<String, JsonNode> header = new LinkedHashMap<>();

    private LazyTensors(FileChannel file) throws IOException {
        this.file = file;
        ByteBuffer length = read(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN), 0);
        int headerBytes = Math.toIntExact(length.getLong(0));
        dataStart = (long) Long.BYTES + headerBytes;
        byte[] text = read(ByteBuffer.allocate(headerBytes), Long.BYTES).array();
        Json.tree(new String(text, StandardCharsets.UTF_8))
                .fields()
                .forEachRemaining(field -> header.put(field.getKey(), field.getValue()));
        header.remove("__metadata__");
    }

    /** The caller closes the result. */
    static LazyTensors open(Path path) throws IOException {
        return new LazyTensors(FileChannel.open(path));
    }

    @Override
    public boolean containsKey(Object name) {
        return header.containsKey(name);
    }

    @Override
    public @Nullable NamedTensor get(Object name) {
        JsonNode entry = header.get(name);
        return entry == null ? null : tensor(entry);
    }

    /** Each tensor is read when the iterator reaches it. */
    @Override
    public Set<Entry<String, NamedTensor>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, NamedTensor>> iterator() {
                return header.entrySet().stream()
                        .<Entry<String, NamedTensor>>map(
                                entry -> new SimpleImmutableEntry<>(entry.getKey(), tensor(entry.getValue())))
                        .iterator();
            }

            @Override
            public int size() {
                return header.size();
            }
        };
    }

    private NamedTensor tensor(JsonNode entry) {
        List<Integer> shape = new ArrayList<>();
        entry.get("shape").forEach(side -> shape.add(side.intValue()));
        long position = dataStart + entry.get("data_offsets").get(0).longValue();
        float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
                int count = Math.min(CHUNK / Float.BYTES, values.length - from);
                read(chunk.clear().limit(count * Float.BYTES), position + (long) from * Float.BYTES);
                chunk.flip().asFloatBuffer().get(values, from, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new NamedTensor(shape, values);
    }

    /** Fills what remains of {@code target} from {@code position} on. */
    private ByteBuffer read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = file.read(target, at);
            if (count < 0) {
                throw new EOFException("the weights end at byte " + at);
            }
            at += count;
        }
        return target;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
