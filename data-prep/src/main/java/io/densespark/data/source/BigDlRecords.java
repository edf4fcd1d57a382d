package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;

/**
 * The records of one of BigDL's SequenceFiles, one after the other, each checked as it is read.
 *
 * <p>Key and value are {@link Text}. The key is the label, or the image's name, a line feed and the label; the label is
 * a whole number from 1 ({@code 3}; {@code 3.0} is taken too, as BigDL reads it). The value is not text but bytes: the
 * width and the height as big-endian ints of 4 bytes, then 3 bytes a pixel, blue, green and red, row by row. The file
 * may be compressed in any way that SequenceFiles may; BigDL's own compress each record.
 */
final class BigDlRecords implements AutoCloseable {
    private static final byte[] MAGIC = {'S', 'E', 'Q'};
    private static final int HEADER_BYTES = 8;
    /** Between records stand marks, for those who begin to read in the middle: an int of -1 and 16 bytes. */
    private static final int SYNC_MARK_BYTES = 4 + 16;

    private static final Pattern LABEL = Pattern.compile("0*([1-9][0-9]{0,6})(\\.0*)?");
    private static final int SHOWN = 40;

    private final String name;
    private final long length;
    private final SequenceFile.Reader reader;
    private final Text key = new Text();
    private final BytesOfText value = new BytesOfText();
    private int record = -1;
    private int label;
    private Optional<ImageShape> shape = Optional.empty();

    /**
     * Opens a file before its first record.
     *
     * @throws DataException if it can't be read, or is not a SequenceFile from {@link Text} to {@link Text}
     */
    BigDlRecords(Configuration conf, FileStatus file) {
        Path path = file.getPath();
        name = path.toString();
        length = file.getLen();
        reader = open(conf, path);
        String text = Text.class.getName();
        if (!text.equals(reader.getKeyClassName()) || !text.equals(reader.getValueClassName())) {
            close();
            throw new DataException(name + " holds keys of " + reader.getKeyClassName() + " and values of "
                    + reader.getValueClassName() + " where BigDL's labeled images have " + text
                    + " for both: give files that BigDL's ImageNetSeqFileGenerator wrote");
        }
    }

    private SequenceFile.Reader open(Configuration conf, Path path) {
        try {
            FSDataInputStream in = FileSystems.of(conf, path).open(path);
            try {
                requireMagic(in);
                return new SequenceFile.Reader(
                        conf, SequenceFile.Reader.stream(in), SequenceFile.Reader.length(length));
            } catch (IOException | RuntimeException e) {
                in.close();
                throw e;
            }
        } catch (DataException e) {
            throw e;
        } catch (EOFException e) {
            throw new DataException(name + " ends within its header: it is truncated, copy it again", e);
        } catch (IOException e) {
            throw DataException.cannotRead(conf, path, e);
        } catch (RuntimeException e) {
            // What Hadoop throws where the header names a class or a codec that is not there.
            throw new DataException(
                    name + " has a header that can't be used (" + Obstacle.reason(e)
                            + "): it is damaged, or its classes or its compression are not known here",
                    e);
        }
    }

    private void requireMagic(FSDataInputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(start, MAGIC)) {
            throw new DataException(name
                    + " is not a SequenceFile (it doesn't start with SEQ): it is another kind of file, or damaged");
        }
        in.seek(0);
    }

    /**
     * Reads the next record.
     *
     * @return whether there was one
     * @throws DataException if the file is cut within it or damaged, or it is not an image with a label
     */
    boolean next() {
        record++;
        try {
            if (!readKey()) {
                return false;
            }
            reader.getCurrentValue(value);
        } catch (EOFException e) {
            throw truncated(e);
        } catch (IOException | RuntimeException e) {
            Obstacle obstacle = Obstacle.of(e);
            if (obstacle != Obstacle.OTHER) {
                throw DataException.cannotRead(where(), obstacle, e);
            }
            // Lengths that are damaged make Hadoop ask for arrays that can't be.
            throw new DataException(
                    where() + " can't be read (" + Obstacle.reason(e)
                            + "): the file is damaged, copy it again, or check its file system",
                    e);
        }
        label = parseLabel();
        shape = Optional.of(parseShape());
        return true;
    }

    // Hadoop takes a block that was cut, and a damaged length that is negative, for the end of the file.
    private boolean readKey() throws IOException {
        long before = reader.getPosition();
        if (reader.next(key)) {
            return true;
        }
        // At the very end it may still be the mark before the last record that was seen.
        boolean endsWithMark = !reader.isBlockCompressed() && reader.syncSeen() && before + SYNC_MARK_BYTES == length;
        if (before != length && !endsWithMark) {
            throw new EOFException();
        }
        return false;
    }

    private DataException truncated(EOFException cause) {
        return new DataException(where() + " is cut: the file is truncated, copy it again", cause);
    }

    private int parseLabel() {
        String text = key.toString();
        String number = text.substring(text.indexOf('\n') + 1);
        Matcher matcher = LABEL.matcher(number);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > BigDlSource.MAX_LABEL) {
            String shown = number.length() > SHOWN ? number.substring(0, SHOWN) + "..." : number;
            throw new DataException(
                    where() + " has the label '" + shown.replace('\n', ' ').replace('\r', ' ')
                            + "', which is no whole number from 1 to " + BigDlSource.MAX_LABEL
                            + ": BigDL counts classes from 1, write the file again");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private ImageShape parseShape() {
        if (value.length() < HEADER_BYTES) {
            throw new DataException(where() + " has a value of " + value.length() + " bytes, fewer than the "
                    + HEADER_BYTES + " of an image's width and height: write the file again");
        }
        ByteBuffer header = ByteBuffer.wrap(value.bytes());
        int width = header.getInt();
        int height = header.getInt();
        if (width <= 0 || height <= 0) {
            throw new DataException(where() + " says that its image is " + width + " wide and " + height
                    + " high, which must be positive: write the file again");
        }
        int pixelBytes = value.length() - HEADER_BYTES;
        // Divided, since the product of three ints can overflow a long.
        if (pixelBytes % BigDlSource.CHANNELS != 0 || (long) width * height != pixelBytes / BigDlSource.CHANNELS) {
            throw new DataException(where() + " has a value of " + value.length() + " bytes where an image " + width
                    + " wide and " + height + " high has " + HEADER_BYTES + " + 3 x " + width + " x " + height
                    + ": write the file again");
        }
        return new ImageShape(height, width, BigDlSource.CHANNELS);
    }

    /** The file and the number of the record read last, from 0, as messages name them. */
    String where() {
        return name + " record " + record;
    }

    /** The label as stored, from 1. */
    int label() {
        return label;
    }

    /** Size of the image read last. */
    ImageShape shape() {
        return shape.orElseThrow();
    }

    /** Copies the image read last as {@code [H, W, C]} in the order red, green, blue; {@code shape().bytes()} long. */
    void copyPixels(byte[] pixels) {
        byte[] bytes = value.bytes();
        int end = shape().bytes();
        for (int i = 0; i < end; i += BigDlSource.CHANNELS) {
            pixels[i] = bytes[HEADER_BYTES + i + 2];
            pixels[i + 1] = bytes[HEADER_BYTES + i + 1];
            pixels[i + 2] = bytes[HEADER_BYTES + i];
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw DataException.cannotRead(name, e);
        }
    }
}
