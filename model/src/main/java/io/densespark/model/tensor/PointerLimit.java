package io.densespark.model.tensor;

/** JavaCPP's own limit of native memory. */
public final class PointerLimit {
    private PointerLimit() {}

    /**
     * Lifts it: JavaCPP would refuse to allocate once the whole process, Java heap and mapped libraries included, passes a
     * limit that it derives from the heap; the memory plan is the limit here. To be called before JavaCPP is first used.
     */
    public static void lift() {
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    }
}
