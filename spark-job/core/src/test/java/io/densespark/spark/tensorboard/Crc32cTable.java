package io.densespark.spark.tensorboard;

/** CRC-32C a byte at a time by its table: slow, and nothing of it comes from the JDK. */
final class Crc32cTable {
    private static final int REFLECTED_POLYNOMIAL = 0x82f63b78;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int remainder = i;
            for (int bit = 0; bit < 8; bit++) {
                remainder = (remainder >>> 1) ^ ((remainder & 1) == 1 ? REFLECTED_POLYNOMIAL : 0);
            }
            TABLE[i] = remainder;
        }
    }

    private Crc32cTable() {}

    static int of(byte[] data) {
        int checksum = ~0;
        for (byte b : data) {
            checksum = (checksum >>> 8) ^ TABLE[(checksum ^ b) & 0xff];
        }
        return ~checksum;
    }

    /** As TensorFlow stores it. */
    static int masked(byte[] data) {
        int checksum = of(data);
        return ((checksum >>> 15) | (checksum << 17)) + 0xa282ead8;
    }
}
