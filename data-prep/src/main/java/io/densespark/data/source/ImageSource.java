package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.util.List;

/**
 * A published data set, ready to be read split by split.
 *
 * <p>Whoever opens a source has checked what can be checked without reading all pixels: every file is there and has the
 * length that its format demands. The splits are {@code train} and {@code test}.
 */
public sealed interface ImageSource
        permits BigDlSource, Cifar100Source, Cifar10Source, IdxSource, Stl10Source, SvhnSource {
    /** A short name for the data set, such as {@code cifar10}. */
    String name();

    /** Where it is read from, for people. */
    String location();

    /** Class names; label {@code i} is {@code classes().get(i)}. */
    List<String> classes();

    /** The size of every image. */
    ImageShape shape();

    /** Images in a split. */
    int count(String split);

    /**
     * Opens a split at its first image.
     *
     * @throws DataException if its first file can't be opened
     */
    ImageReader open(String split);
}
