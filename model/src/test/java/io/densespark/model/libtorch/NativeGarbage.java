package io.densespark.model.libtorch;

import org.bytedeco.javacpp.Pointer;

/** What earlier tests of this JVM dropped: it is counted as long as the garbage collector hasn't seen it. */
public final class NativeGarbage {
    private static final int MILLIS = 50;

    private NativeGarbage() {}

    /** Has it all freed, so that the pointers and bytes that are counted from here on are those of one test. */
    public static void collect() throws InterruptedException {
        LibTorch.load();
        long before;
        do {
            before = Pointer.totalCount();
            System.gc();
            Thread.sleep(MILLIS);
            Pointer.deallocateReferences();
        } while (Pointer.totalCount() != before);
    }
}
