package io.densespark.data.decode;

/** The formats of files that can be decoded. */
public enum ImageFormat {
    JPEG("JPEG"),
    PNG("PNG"),
    WEBP("WebP"),
    GIF("GIF"),
    BMP("BMP"),
    TIFF("TIFF");

    private final String label;

    ImageFormat(String label) {
        this.label = label;
    }

    /** The format's name as it is written, such as {@code WebP}. */
    @Override
    public String toString() {
        return label;
    }
}
