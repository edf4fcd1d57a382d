package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.format.Mat5Reader;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * One of SVHN's files: variables {@code X}, uint8 {@code [32, 32, 3, N]}, and {@code y}, {@code [N, 1]}.
 *
 * @param labels 0 to 9, {@code [N]}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SvhnFile(SourceFile file, byte[] labels) {
    private static final String IMAGES = "X";
    private static final String LABELS = "y";
    private static final int TEN = 10;

    /**
     * Reads a file's labels, and how many images it has.
     *
     * @throws DataException if it is damaged, or another kind of file
     */
    static SvhnFile open(SourceFile file) {
        AtomicReference<int[]> size = new AtomicReference<>(new int[0]);
        Mat5File content = read(file, header -> {
            if (IMAGES.equals(header.getName()) && header.getType() == MatlabType.UInt8) {
                size.set(header.getDimensions());
            }
            return LABELS.equals(header.getName());
        });
        Matrix labels = matrix(file, content, LABELS);
        byte[] numbers = new byte[labels.getNumElements()];
        for (int i = 0; i < numbers.length; i++) {
            double label = labels.getDouble(i);
            if (label != Math.rint(label) || label < 1 || label > TEN) {
                throw new DataException(file.name() + " has label " + label + " at image " + i
                        + ", not in 1 to 10: it is damaged, download it again");
            }
            numbers[i] = (byte) ((int) label % TEN);
        }
        int[] expected = {
            SvhnSource.SHAPE.height(), SvhnSource.SHAPE.width(), SvhnSource.SHAPE.channels(), numbers.length
        };
        if (!Arrays.equals(size.get(), expected)) {
            throw new DataException(file.name() + " has images 'X' of size " + Arrays.toString(size.get()) + " and "
                    + numbers.length + " labels 'y', where uint8 images of size " + Arrays.toString(expected)
                    + " belong: take SVHN's cropped digits (format 2)");
        }
        return new SvhnFile(file, numbers);
    }

    /** The images, {@code [32, 32, 3, N]} with the first index the fastest; all are in memory. */
    Matrix images() {
        return matrix(file, read(file, header -> IMAGES.equals(header.getName())), IMAGES);
    }

    private static Matrix matrix(SourceFile file, Mat5File content, String name) {
        try {
            return content.getMatrix(name);
        } catch (RuntimeException e) {
            throw new DataException(
                    file.name() + " has no matrix '" + name
                            + "': it is cut off or none of SVHN's cropped digits (format 2), download it again",
                    e);
        }
    }

    private static Mat5File read(SourceFile file, Mat5Reader.EntryFilter wanted) {
        try (Source source = Sources.wrapInputStream(file.open())) {
            return Mat5.newReader(source)
                    .disableSubsystemProcessing()
                    .setEntryFilter(wanted)
                    .readMat();
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException known) {
                throw known;
            }
            throw new DataException(
                    file.name() + " can't be read as a MATLAB file of version 5 (" + Obstacle.reason(e)
                            + "): it is damaged or another kind of file, download it again",
                    e);
        }
    }
}
