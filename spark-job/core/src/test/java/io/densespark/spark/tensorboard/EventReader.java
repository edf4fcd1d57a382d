package io.densespark.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads event files byte by byte, with nothing of what wrote them, and checks every checksum. */
public final class EventReader {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private EventReader() {}

    /** One event; {@code version} is empty but for a file's first. */
    public record Event(double wallTime, long step, String version, Map<String, Float> scalars) {}

    /** The events of one file. */
    public static List<Event> read(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = take(in, 8);
            assertThat(in.getInt()).isEqualTo(Crc32cTable.masked(length));
            byte[] data = take(
                    in,
                    Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()));
            assertThat(in.getInt()).isEqualTo(Crc32cTable.masked(data));
            events.add(event(data));
        }
        return events;
    }

    /** The values of each tag by step, over a folder's files in the order of their names; no step may be there twice. */
    public static Map<String, SortedMap<Long, Float>> series(Path folder) {
        Map<String, SortedMap<Long, Float>> series = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.");
                List<Event> events = read(Files.readAllBytes(file));
                assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
                for (Event event : events) {
                    event.scalars()
                            .forEach((tag, value) -> assertThat(series.computeIfAbsent(tag, any -> new TreeMap<>())
                                            .put(event.step(), value))
                                    .as("%s at step %d", tag, event.step())
                                    .isNull());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return series;
    }

    private static Event event(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        double wallTime = 0;
        long step = 0;
        String version = "";
        Map<String, Float> scalars = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            switch ((int) varint(in)) {
                case 1 << 3 | FIXED_64 -> wallTime = in.getDouble();
                case 2 << 3 | VARINT -> step = varint(in);
                case 3 << 3 | BYTES -> version = text(in);
                case 5 << 3 | BYTES -> summary(bytes(in), scalars);
                default -> throw new AssertionError("unknown field in an event");
            }
        }
        return new Event(wallTime, step, version, scalars);
    }

    private static void summary(ByteBuffer in, Map<String, Float> scalars) {
        while (in.hasRemaining()) {
            assertThat(varint(in)).isEqualTo(1 << 3 | BYTES);
            ByteBuffer value = bytes(in);
            assertThat(varint(value)).isEqualTo(1 << 3 | BYTES);
            String tag = text(value);
            assertThat(varint(value)).isEqualTo(2 << 3 | FIXED_32);
            assertThat(scalars.put(tag, value.getFloat())).isNull();
            assertThat(value.hasRemaining()).isFalse();
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String text(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(bytes(in)).toString();
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        return ByteBuffer.wrap(take(in, (int) varint(in))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] take(ByteBuffer in, int bytes) {
        byte[] taken = new byte[bytes];
        in.get(taken);
        return taken;
    }
}
