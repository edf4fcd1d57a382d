package io.densespark.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    private static final String SOURCE = "hdfs://there/model.safetensors";

    private static byte[] write(Map<String, NamedTensor> tensors) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(tensors, out);
        return out.toByteArray();
    }

    private static Map<String, NamedTensor> read(byte[] file) throws IOException {
        return Safetensors.read(new ByteArrayInputStream(file), SOURCE);
    }

    /** A file with that header, whatever it says, and that many bytes behind it. */
    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static String entry(String name, String type, String shape, long begin, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + ","
                + end + "]}";
    }

    private static void requireRefused(byte[] file, String reason) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(SOURCE)
                .hasMessageContaining(reason);
    }

    @Test
    void everyBitOfEveryTensorComesBack() throws IOException {
        float[] special = {
            Float.intBitsToFloat(0x7fc12345),
            Float.intBitsToFloat(0xffa00001),
            -0f,
            0,
            Float.MIN_VALUE,
            -Float.MIN_NORMAL / 4,
            Float.POSITIVE_INFINITY,
            -Float.MAX_VALUE
        };
        float[] large = new float[100_003];
        for (int i = 0; i < large.length; i++) {
            large[i] = Float.intBitsToFloat(i * 0x9e3779b1);
        }
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        tensors.put("z", new NamedTensor(List.of(2, 4), special));
        tensors.put("empty", new NamedTensor(List.of(0, 3), new float[0]));
        tensors.put("a \"quoted\" größe", new NamedTensor(List.of(100_003), large));
        tensors.put("scalar", new NamedTensor(List.of(), new float[] {7}));

        Map<String, NamedTensor> again = read(write(tensors));

        assertThat(again.keySet()).containsExactlyElementsOf(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            assertThat(again.get(name).shape()).isEqualTo(tensor.shape());
            assertThat(bits(again.get(name).values())).isEqualTo(bits(tensor.values()));
        });
    }

    @Test
    void aFileIsLengthHeaderAndBytesInLittleEndian() throws IOException {
        byte[] file = write(Map.of("w", new NamedTensor(List.of(1, 2), new float[] {1, -2})));
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
        int padded = (header.length() + 7) / 8 * 8;
        assertThat(Arrays.copyOf(file, 8)).containsExactly(padded, 0, 0, 0, 0, 0, 0, 0);
        assertThat(new String(file, 8, padded, StandardCharsets.UTF_8))
                .isEqualTo(header + " ".repeat(padded - header.length()));
        assertThat(Arrays.copyOfRange(file, 8 + padded, file.length)).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    }

    @Test
    void aHeaderIsPaddedToAMultipleOfEight() throws IOException {
        for (int length = 1; length <= 9; length++) {
            byte[] file = write(Map.of("n".repeat(length), new NamedTensor(List.of(1), new float[] {1})));
            assertThat((file.length - Float.BYTES) % 8).isZero();
        }
    }

    @Test
    void tensorsComeInTheOrderOfTheirBytes() throws IOException {
        byte[] file =
                file("{" + entry("second", "F32", "[1]", 4, 8) + "," + entry("first", "F32", "[1]", 0, 4) + "}", 8);
        assertThat(read(file).keySet()).containsExactly("first", "second");
    }

    @Test
    void theCountersOfPyTorchsNormsAreLeftOut() throws IOException {
        byte[] file = file(
                "{" + entry("n.num_batches_tracked", "I64", "[]", 0, 8) + "," + entry("n.bias", "F32", "[1]", 8, 12)
                        + "}",
                12);
        assertThat(read(file).keySet()).containsExactly("n.bias");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 40, 100})
    void aFileCutWithinItsHeaderIsTruncated(int bytes) throws IOException {
        byte[] file = write(Map.of("w", new NamedTensor(List.of(2), new float[] {1, 2})));
        requireRefused(Arrays.copyOf(file, bytes), "truncated");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 8})
    void aFileCutWithinItsDataIsTruncated(int missing) throws IOException {
        byte[] file = write(Map.of("w", new NamedTensor(List.of(2), new float[] {1, 2})));
        requireRefused(Arrays.copyOf(file, file.length - missing), "truncated");
    }

    @Test
    void bytesBehindTheLastTensorAreDamage() throws IOException {
        byte[] file = write(Map.of("w", new NamedTensor(List.of(2), new float[] {1, 2})));
        requireRefused(Arrays.copyOf(file, file.length + 1), "bytes follow");
    }

    /** Values and bits by the tables of IEEE 754: normal, largest, subnormal, smallest, both zeros, not finite. */
    @Test
    void halvesAreReadByValue() throws IOException {
        int[] bits = {0x3c00, 0xc000, 0x3555, 0x7bff, 0x03ff, 0x0001, 0x8001, 0x0000, 0x8000, 0x7c00, 0xfc00, 0x7e00};
        float[] values = {
            1,
            -2,
            0x1.554p-2f,
            65504,
            0x1.ff8p-15f,
            0x1p-24f,
            -0x1p-24f,
            0,
            -0f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN
        };
        assertThat(read(shorts("F16", bits)).get("w").values()).isEqualTo(values);
    }

    @Test
    void bfloat16IsTheUpperHalfOfAFloat() throws IOException {
        int[] bits = {0x3f80, 0xc000, 0x4049, 0x0001, 0x8000, 0x7f80, 0x7fc0};
        float[] values = {1, -2, 3.140625f, 0x1p-133f, -0f, Float.POSITIVE_INFINITY, Float.NaN};
        assertThat(read(shorts("BF16", bits)).get("w").values()).isEqualTo(values);
    }

    @Test
    void doublesAreRoundedToTheNearestFloat() throws IOException {
        double[] values = new double[20_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(i) * Math.pow(10, i % 60 - 30);
        }
        values[1] = 1e300;
        int bytes = Double.BYTES * values.length;
        byte[] file = file("{" + entry("w", "F64", "[" + values.length + "]", 0, bytes) + "}", bytes);
        ByteBuffer.wrap(file, file.length - bytes, bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .put(values);
        float[] expected = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            expected[i] = (float) values[i];
        }
        assertThat(expected[1]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(read(file).get("w").values()).isEqualTo(expected);
    }

    private static byte[] shorts(String type, int... bits) {
        int bytes = Short.BYTES * bits.length;
        byte[] file = file("{" + entry("w", type, "[" + bits.length + "]", 0, bytes) + "}", bytes);
        ByteBuffer data = ByteBuffer.wrap(file, file.length - bytes, bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : bits) {
            data.putShort((short) value);
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({"I64, 24", "I32, 12", "BOOL, 3", "U8, 3", "F8_E4M3, 3", "C64, 24"})
    void aTensorOfAnotherTypeKeepsItsShapeAndTheNextOneItsValues(String type, int bytes) throws IOException {
        byte[] file = file(
                "{" + entry("other", type, "[3]", 0, bytes) + "," + entry("bias", "F32", "[1]", bytes, bytes + 4) + "}",
                bytes + 4);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, 2.5f);

        Map<String, NamedTensor> tensors = read(file);

        assertThat(tensors).containsOnlyKeys("other", "bias");
        assertThat(tensors.get("bias").values()).containsExactly(2.5f);
        NamedTensor other = tensors.get("other");
        assertThat(other.isRead()).isFalse();
        assertThat(other.shape()).containsExactly(3);
        assertThatThrownBy(other::values).hasMessage("a tensor of type " + type + " has no floats");
    }

    @Test
    void aFileCutWithinATensorOfAnotherTypeIsTruncated() {
        requireRefused(file("{" + entry("count", "I64", "[2]", 0, 16) + "}", 15), "truncated");
    }

    @Test
    void offsetsThatOverlapLeaveGapsOrDontFitTheShapeAreDamage() {
        String first = entry("a", "F32", "[2]", 0, 8);
        requireRefused(file("{" + first + "," + entry("b", "F32", "[2]", 4, 12) + "}", 12), "tensor b");
        requireRefused(file("{" + first + "," + entry("b", "F32", "[2]", 12, 20) + "}", 20), "tensor b");
        requireRefused(file("{" + entry("a", "F32", "[3]", 0, 8) + "}", 8), "tensor a");
        requireRefused(file("{" + entry("a", "F32", "[1]", 0, -4) + "}", 8), "tensor a");
        requireRefused(file("{" + entry("a", "F32", "[2]", 4, 12) + "}", 12), "tensor a");
    }

    @Test
    void aShapeThatIsNoneIsDamage() {
        for (String shape : List.of("[-1]", "[2.5]", "[\"2\"]", "[4294967298]", "[65536,65536]", "2")) {
            requireRefused(file("{" + entry("a", "F32", shape, 0, 8) + "}", 8), "tensor a");
        }
        requireRefused(file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4), "tensor a has no type, shape or offsets");
    }

    @Test
    void aHeaderThatIsNoJsonObjectIsDamage() {
        requireRefused(file("no json at all", 0), "no JSON");
        requireRefused(file("[1, 2]", 0), "no JSON object");
        requireRefused(file("    ", 0), "no JSON");
    }

    @Test
    void aHugeHeaderOrTensorIsRefusedBeforeItsMemoryIsTaken() {
        for (long length : new long[] {0, -1, Long.MAX_VALUE, 200_000_000}) {
            byte[] file = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .array();
            requireRefused(file, Long.toUnsignedString(length) + " bytes");
        }
        requireRefused(file("{" + entry("a", "F32", "[2000000000]", 0, 8_000_000_000L) + "}", 100), "truncated");
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
