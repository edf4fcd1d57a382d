package io.densespark.data.source;

import io.densespark.data.DataException;
import java.util.Optional;

/**
 * The 10,000 MNIST digits that ship in this jar, 9,000 to train and 1,000 to test: real data for a first run without a
 * download. Where they come from, and under which licence, is told in the {@code README.md} beside them.
 */
public final class BundledMnist {
    private static final String FOLDER = "/io/densespark/data/mnist/";

    private BundledMnist() {}

    /**
     * Opens the digits.
     *
     * @throws DataException if the jar was built without them
     */
    public static ImageSource open() {
        return IdxSource.open(
                "mnist-10k",
                "10,000 MNIST digits bundled with DenseSpark",
                Optional.empty(),
                IdxSplit.open(file("train-images-idx3-ubyte.gz"), file("train-labels-idx1-ubyte.gz")),
                IdxSplit.open(file("t10k-images-idx3-ubyte.gz"), file("t10k-labels-idx1-ubyte.gz")));
    }

    private static SourceFile file(String name) {
        return SourceFile.resource(BundledMnist.class, FOLDER + name);
    }
}
