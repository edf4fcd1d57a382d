package io.densespark.model.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;

/**
 * The fake CUDA of src/test/fakecuda in this process: memory that the host can't touch, streams, graphs, cuBLAS and
 * cuDNN, and the kernels of passes.cu run by the CPU. It must be loaded before the first class of
 * {@code org.bytedeco.cuda.global} is: the libraries with JNI code then find it by the names of CUDA's libraries, which
 * needs no search path and no other process.
 */
public final class FakeCuda {
    private static final Path SOURCES = Path.of("src/test/fakecuda");
    private static final Path KERNELS = Path.of("src/main/resources/io/densespark/model/cuda/passes.cu");
    private static final Path BUILT = Path.of("target/fakecuda");
    /** The library itself and then the shells which carry the names of CUDA's. */
    private static final List<String> LIBRARIES = List.of(
            "libfakecuda.so",
            "libcuda.so.1",
            "libcudart.so.13",
            "libcublasLt.so.13",
            "libcublas.so.13",
            "libcudnn_graph.so.9",
            "libcudnn_ops.so.9",
            "libcudnn_cnn.so.9",
            "libcudnn_adv.so.9",
            "libcudnn.so.9",
            "libcudnn_heuristic.so.9",
            "libcudnn_engines_precompiled.so.9",
            "libcudnn_engines_runtime_compiled.so.9",
            "libnccl.so.2");

    private static final long BUILD_MINUTES = 10;

    private static Optional<Path> built;
    private static boolean loaded;

    private FakeCuda() {}

    /** Compiles what isn't up to date, once per process; empty if this machine has no C++ compiler. */
    static synchronized Optional<Path> build() {
        if (built == null) {
            built = build(SOURCES, KERNELS, BUILT);
        }
        return built;
    }

    /**
     * The same for tests of other modules.
     *
     * @param sources src/test/fakecuda
     * @param kernels passes.cu
     * @param folder gets the libraries
     * @return the folder, for a process that has it on its LD_LIBRARY_PATH; empty if this machine has no C++ compiler
     */
    public static Optional<Path> build(Path sources, Path kernels, Path folder) {
        Optional<String> compiler =
                List.of("c++", "g++").stream().filter(FakeCuda::onPath).findFirst();
        if (compiler.isEmpty() || !"Linux".equals(System.getProperty("os.name"))) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(folder);
            Path log = folder.resolve("build.log");
            ProcessBuilder builder = new ProcessBuilder(
                            "sh", sources.resolve("build.sh").toString(), folder.toString(), kernels.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("CXX", compiler.get());
            Process process = builder.start();
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("the fake CUDA takes more than " + BUILD_MINUTES + " minutes to build");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException("the fake CUDA can't be built:\n" + Files.readString(log));
            }
            return Optional.of(folder.toAbsolutePath());
        } catch (IOException e) {
            throw new IllegalStateException("the fake CUDA can't be built", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** Builds and loads the fake into this process; false if this machine has no C++ compiler. */
    static synchronized boolean load() {
        if (!loaded && build().isPresent()) {
            load(build().get());
        }
        return loaded;
    }

    static synchronized void load(Path folder) {
        for (String library : LIBRARIES) {
            System.load(folder.resolve(library).toString());
        }
        loaded = true;
    }

    /** Sets an option; src/test/fakecuda/README.md lists them. */
    static void set(String name, String value) {
        try (BytePointer nameText = new BytePointer(name);
                BytePointer valueText = new BytePointer(value)) {
            setOption(nameText.address(), valueText.address());
        }
    }

    static void set(String name, long value) {
        set(name, Long.toString(value));
    }

    /** Each operation begins late, by a time from a seed, so that one that doesn't wait for what it needs is wrong. */
    static void beginLate() {
        set("ASYNC", 1);
        set("DELAY_US", 20);
    }

    /** How often what happened since the last {@link #clear()}, and the bytes of memory now and at most. */
    static Map<String, Long> counts() {
        String text;
        long room = readCounts(0, 0);
        // Other threads may add a few.
        try (BytePointer buffer = new BytePointer(2 * room)) {
            long needed = readCounts(buffer.address(), buffer.capacity());
            byte[] bytes = new byte[(int) Math.min(needed, buffer.capacity()) - 1];
            buffer.get(bytes);
            text = new String(bytes, StandardCharsets.US_ASCII);
        }
        Map<String, Long> counts = new TreeMap<>();
        text.lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            counts.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
        });
        return counts;
    }

    static long count(String name) {
        return counts().getOrDefault(name, 0L);
    }

    static void clear() {
        clearCounts();
    }

    /** Makes the device usable again after an operation has failed, which no real one allows. */
    static native void recover();

    private static native void setOption(long name, long value);

    private static native long readCounts(long to, long room);

    private static native void clearCounts();
}
