package io.densespark.data.shard;

/**
 * An image as its file has it.
 *
 * @param row of its row group, from 0
 * @param label its class
 * @param file all bytes of the file; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record EncodedImage(int row, int label, byte[] file) {}
