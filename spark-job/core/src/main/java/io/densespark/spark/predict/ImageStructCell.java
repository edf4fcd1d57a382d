package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The struct of Spark's data source {@code image} ({@code org.apache.spark.ml.image.ImageSchema}): rows of grey, BGR or BGRA
 * pixels, one byte a value. Transparent pixels are laid on white, as the decoder does.
 */
record ImageStructCell(int origin, int height, int width, int nChannels, int mode, int data) implements Cell {
    /** OpenCV's numbers of types: 8 bits a value, and 1, 3 or 4 values a pixel. */
    private static final int CV_8UC1 = 0;

    private static final int CV_8UC3 = 16;
    private static final int CV_8UC4 = 24;

    static Optional<ImageStructCell> of(StructType type) {
        boolean isOne = StructFields.have(type, "origin", StringType.class)
                && StructFields.have(type, "height", IntegerType.class)
                && StructFields.have(type, "width", IntegerType.class)
                && StructFields.have(type, "nChannels", IntegerType.class)
                && StructFields.have(type, "mode", IntegerType.class)
                && StructFields.have(type, "data", BinaryType.class);
        return isOne
                ? Optional.of(new ImageStructCell(
                        type.fieldIndex("origin"),
                        type.fieldIndex("height"),
                        type.fieldIndex("width"),
                        type.fieldIndex("nChannels"),
                        type.fieldIndex("mode"),
                        type.fieldIndex("data")))
                : Optional.empty();
    }

    @Override
    public Pixels read(Row row, int index, ImageFiles files) throws BadImageException {
        Row struct = row.getStruct(index);
        for (int field : new int[] {height, width, nChannels, mode, data}) {
            if (struct.isNullAt(field)) {
                throw new BadImageException("incomplete: a field of its struct is null");
            }
        }
        int h = struct.getInt(height);
        int w = struct.getInt(width);
        int c = struct.getInt(nChannels);
        int type = struct.getInt(mode);
        byte[] bgr = (byte[]) struct.get(data);
        boolean isKnown = (type == CV_8UC1 && c == 1) || (type == CV_8UC3 && c == 3) || (type == CV_8UC4 && c == 4);
        if (!isKnown) {
            // Spark's source gives files that it can't decode the mode -1.
            throw new BadImageException("of OpenCV's type " + type + " with " + c
                    + " channels, not CV_8UC1, CV_8UC3 or " + "CV_8UC4: it wasn't decoded, or isn't of 8 bits");
        }
        if (h < 1 || w < 1 || (long) h * w * c != bgr.length) {
            throw new BadImageException(
                    "of " + h + "x" + w + " pixels (height x width) in " + bgr.length + " bytes of " + c + " channels");
        }
        return c == 1 ? new Pixels(new ImageShape(h, w, 1), bgr) : new Pixels(new ImageShape(h, w, 3), rgb(bgr, c));
    }

    private static byte[] rgb(byte[] bgr, int step) {
        byte[] rgb = new byte[bgr.length / step * 3];
        for (int from = 0, to = 0; from < bgr.length; from += step, to += 3) {
            int alpha = step == 4 ? bgr[from + 3] & 0xff : 0xff;
            for (int c = 0; c < 3; c++) {
                int color = bgr[from + 2 - c] & 0xff;
                rgb[to + c] = (byte) ((color * alpha + 0xff * (0xff - alpha) + 0x7f) / 0xff);
            }
        }
        return rgb;
    }

    @Override
    public String origin(Row row, int index) {
        Row struct = row.getStruct(index);
        return struct.isNullAt(origin) ? "" : struct.getString(origin);
    }
}
