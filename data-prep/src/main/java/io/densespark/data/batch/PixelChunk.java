package io.densespark.data.batch;

/** Images of one size, one after the other, in memory or in a file. For any number of threads. */
interface PixelChunk {
    /**
     * The array that has the image which begins at byte {@code start} of this chunk: the chunk's own, not to be written, or
     * {@code spare}, filled with it.
     *
     * @param spare as long as an image
     */
    byte[] array(int start, byte[] spare);

    /** Where in that array the image begins. */
    int offset(int start);

    /** Images in memory. */
    static PixelChunk of(byte[] pixels) {
        return new PixelChunk() {
            @Override
            public byte[] array(int start, byte[] spare) {
                return pixels;
            }

            @Override
            public int offset(int start) {
                return start;
            }
        };
    }
}
