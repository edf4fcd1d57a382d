package io.densespark.data.decode;

/**
 * The eight ways an image can lie, as Exif's tag 274 and TIFF's tag of the same number count them. The number says where
 * the stored image's first row and first column are to be seen: 1 top and left, 2 top and right, 3 bottom and right, 4
 * bottom and left, 5 left and top, 6 right and top, 7 right and bottom, 8 left and bottom.
 */
final class Orientation {
    private Orientation() {}

    /**
     * Turns an image upright.
     *
     * @param orientation 1 to 8
     * @param height as stored
     * @param width as stored
     * @param pixels as stored; given on without a copy if they are upright
     */
    static DecodedImage upright(int orientation, int height, int width, PixelFormat format, byte[] pixels) {
        if (orientation == RawImage.UPRIGHT) {
            return new DecodedImage(height, width, format, pixels);
        }
        boolean lying = orientation >= 5;
        int rows = lying ? width : height;
        int columns = lying ? height : width;
        // Seen from the upright image: which stored pixel is at its top left, and how far the next ones are away.
        boolean fromLastRow = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean fromLastColumn = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        int nextRow = fromLastRow ? -width : width;
        int nextColumn = fromLastColumn ? -1 : 1;
        int first = (fromLastRow ? (height - 1) * width : 0) + (fromLastColumn ? width - 1 : 0);
        int down = lying ? nextColumn : nextRow;
        int right = lying ? nextRow : nextColumn;
        int bytes = format.bytesPerPixel();
        byte[] upright = new byte[pixels.length];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int from = (first + y * down + x * right) * bytes;
                int to = (y * columns + x) * bytes;
                for (int b = 0; b < bytes; b++) {
                    upright[to + b] = pixels[from + b];
                }
            }
        }
        return new DecodedImage(rows, columns, format, upright);
    }
}
