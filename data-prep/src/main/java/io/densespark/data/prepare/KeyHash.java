package io.densespark.data.prepare;

import io.densespark.data.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Numbers that look random and depend on a name and a seed alone: the first 63 bits, as a number of 0 or more, of the SHA-256 of
 * the UTF-8 text {@code <purpose>:<seed>:<name>}.
 */
enum KeyHash {
    /** The order of the images in a split. */
    ORDER("order"),
    /** What is drawn for testing and validation. */
    SPLIT("split");

    private final String purpose;

    KeyHash(String purpose) {
        this.purpose = purpose;
    }

    long of(long seed, String name) {
        byte[] text = (purpose + ":" + seed + ":" + name).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Sha256.digest().digest(text)).getLong() >>> 1;
    }
}
