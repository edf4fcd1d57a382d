package io.densespark.data.decode;

import java.nio.charset.StandardCharsets;

/** Numbers in the bytes of an image file. Reading past the end throws: the file is truncated. */
final class FileBytes {
    private final byte[] data;
    private final ImageFormat format;

    FileBytes(byte[] data, ImageFormat format) {
        this.data = data;
        this.format = format;
    }

    byte[] array() {
        return data;
    }

    int length() {
        return data.length;
    }

    /** Throws unless the file has {@code bytes} bytes from {@code at} on. */
    void require(long at, long bytes) throws UndecodableImageException {
        if (at < 0 || bytes < 0 || at > data.length - bytes) {
            throw truncated();
        }
    }

    int u8(long at) throws UndecodableImageException {
        require(at, 1);
        return data[(int) at] & 0xff;
    }

    /** Two bytes, the high one first. */
    int u16Big(long at) throws UndecodableImageException {
        require(at, 2);
        return (data[(int) at] & 0xff) << 8 | (data[(int) at + 1] & 0xff);
    }

    /** Two bytes, the low one first. */
    int u16Little(long at) throws UndecodableImageException {
        require(at, 2);
        return (data[(int) at + 1] & 0xff) << 8 | (data[(int) at] & 0xff);
    }

    /** Three bytes, the low one first. */
    int u24Little(long at) throws UndecodableImageException {
        return u16Little(at) | u8(at + 2) << 16;
    }

    /** Four bytes, the high one first. */
    long u32Big(long at) throws UndecodableImageException {
        return (long) u16Big(at) << 16 | u16Big(at + 2);
    }

    /** Four bytes, the low one first. */
    long u32Little(long at) throws UndecodableImageException {
        return (long) u16Little(at + 2) << 16 | u16Little(at);
    }

    /** Whether the ASCII characters of {@code text} are at {@code at}; not if the file ends before. */
    boolean has(long at, String text) {
        if (at > data.length - text.length()) {
            return false;
        }
        return text.equals(new String(data, (int) at, text.length(), StandardCharsets.ISO_8859_1));
    }

    UndecodableImageException truncated() {
        return UndecodableImageException.truncated(format, data.length);
    }

    UndecodableImageException damaged(String fact) {
        return UndecodableImageException.damaged(format, fact);
    }

    UndecodableImageException unsupported(String fact) {
        return UndecodableImageException.unsupported(format, fact);
    }
}
