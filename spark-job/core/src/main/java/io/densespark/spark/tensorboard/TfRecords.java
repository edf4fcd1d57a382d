package io.densespark.spark.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TensorFlow's record format, in which all numbers are little-endian:
 *
 * <pre>
 * int64   length of the data
 * uint32  masked CRC-32C of the eight bytes before
 * byte[]  data
 * uint32  masked CRC-32C of the data
 * </pre>
 *
 * A masked checksum is the checksum rotated right by 15 bits plus a constant, so that checksums of data which holds
 * checksums are still of use.
 */
final class TfRecords {
    private static final int MASK_ROTATION = 15;
    private static final int MASK_DELTA = 0xa282ead8;

    private TfRecords() {}

    /** Writes one record. */
    static void write(byte[] data, OutputStream out) throws IOException {
        byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
        out.write(length);
        out.write(maskedChecksum(length));
        out.write(data);
        out.write(maskedChecksum(data));
    }

    private static byte[] maskedChecksum(byte[] data) {
        CRC32C checksum = new CRC32C();
        checksum.update(data);
        int masked = Integer.rotateRight((int) checksum.getValue(), MASK_ROTATION) + MASK_DELTA;
        return littleEndian(Integer.BYTES).putInt(masked).array();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
