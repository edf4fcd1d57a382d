package io.densespark.spark.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.Writer;
import org.apache.hadoop.io.Text;

/** Small data sets in BigDL's SequenceFiles. */
final class BigDlFiles {

    private BigDlFiles() {}

    /**
     * Writes the same images to the folders train and val, with the labels 1, 2 and so on.
     *
     * @param sizes height and width of the first image, of the second and so on
     */
    static Path write(Path folder, int... sizes) throws IOException {
        for (String split : new String[] {"train", "val"}) {
            try (Writer writer = SequenceFile.createWriter(
                    new Configuration(),
                    Writer.file(new org.apache.hadoop.fs.Path(
                            folder.resolve(split).resolve("part-0_0.seq").toUri())),
                    Writer.keyClass(Text.class),
                    Writer.valueClass(Text.class))) {
                for (int i = 0; i < sizes.length; i += 2) {
                    writer.append(new Text(Integer.toString(i / 2 + 1)), new Text(image(sizes[i], sizes[i + 1])));
                }
            }
        }
        return folder;
    }

    private static byte[] image(int height, int width) {
        ByteBuffer value =
                ByteBuffer.allocate(8 + height * width * 3).putInt(width).putInt(height);
        while (value.hasRemaining()) {
            value.put((byte) (value.position() * 7));
        }
        return value.array();
    }
}
