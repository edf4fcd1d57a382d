package io.densespark.data.decode;

/**
 * An image file that can't be decoded.
 *
 * <p>The message has no name of a file in it: it completes the sentence "FILE is ...", in one line.
 */
public final class UndecodableImageException extends Exception {
    private final Reason reason;

    /** Why it can't. */
    public enum Reason {
        /** It has no bytes. */
        EMPTY,

        /** It begins like none of {@link ImageFormat}. */
        UNKNOWN_FORMAT,

        /** It ends before its image does. */
        TRUNCATED,

        /** Its image has more pixels than are allowed; found by the header alone. */
        TOO_LARGE,

        /** It breaks its format's rules. */
        DAMAGED,

        /** It may well be whole, but it uses a part of its format that this package doesn't read. */
        UNSUPPORTED
    }

    UndecodableImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static UndecodableImageException empty() {
        return new UndecodableImageException(Reason.EMPTY, "empty");
    }

    static UndecodableImageException unknownFormat() {
        return new UndecodableImageException(
                Reason.UNKNOWN_FORMAT, "in none of the formats JPEG, PNG, WebP, GIF, BMP and TIFF");
    }

    static UndecodableImageException truncated(ImageFormat format, int bytes) {
        return new UndecodableImageException(
                Reason.TRUNCATED, "a " + format + " file that ends after " + bytes + " bytes, before its image does");
    }

    static UndecodableImageException tooLarge(ImageHeader header, long maxPixels) {
        return new UndecodableImageException(
                Reason.TOO_LARGE,
                "a " + header.format() + " image of " + header.height() + "x" + header.width()
                        + " pixels (height x width), more than the " + maxPixels + " pixels allowed");
    }

    static UndecodableImageException damaged(ImageFormat format, String fact) {
        return new UndecodableImageException(Reason.DAMAGED, "a damaged " + format + " file (" + fact + ")");
    }

    static UndecodableImageException unsupported(ImageFormat format, String fact) {
        return new UndecodableImageException(
                Reason.UNSUPPORTED, "a " + format + " file of a kind that can't be read (" + fact + ")");
    }

    public Reason reason() {
        return reason;
    }
}
