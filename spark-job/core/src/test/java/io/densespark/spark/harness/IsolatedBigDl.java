package io.densespark.spark.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Real BigDL 0.13 with its Scala 2.11 and Spark 2.4, in a class loader that sees the JDK and nothing of ours. Its methods
 * are those of {@code io.densespark.bigdl.RealBigDl}, which tell more.
 */
public final class IsolatedBigDl {
    /** BigDL has state for the whole JVM: one loader for all tests. */
    private static final IsolatedBigDl INSTANCE = new IsolatedBigDl();

    private final ClassLoader loader;
    private final Class<?> entry;

    private IsolatedBigDl() {
        Path home = Path.of(System.getProperty("densespark.bigdl.home"));
        try (Stream<Path> jars = Files.list(home)) {
            URL[] urls = jars.map(IsolatedBigDl::url).toArray(URL[]::new);
            loader = new URLClassLoader("bigdl", urls, ClassLoader.getPlatformClassLoader());
            entry = Class.forName("io.densespark.bigdl.RealBigDl", true, loader);
        } catch (IOException e) {
            throw new UncheckedIOException("no BigDL in " + home + ": run mvn package -pl spark-job/runtime-bigdl", e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(home + " is incomplete", e);
        }
    }

    public static IsolatedBigDl get() {
        return INSTANCE;
    }

    /** A model's output for {@code images} of that shape, in evaluation mode. */
    public float[] forward(Path file, float[] images, int... shape) {
        return (float[]) call("forward", file.toString(), images, shape);
    }

    /** Loads a model and saves it again. */
    public void copy(Path from, Path to) {
        call("copy", from.toString(), to.toString());
    }

    public void saveDenseNet(
            String style,
            String kind,
            boolean bias,
            int classes,
            int growthRate,
            int[] blocks,
            int[] shape,
            long seed,
            Path file) {
        call("saveDenseNet", style, kind, bias, classes, growthRate, blocks, shape, seed, file.toString());
    }

    public void saveAnotherNetwork(Path file) {
        call("saveAnotherNetwork", file.toString());
    }

    public void writeSequenceFiles(
            byte[] pixels, int height, int width, int[] labels, boolean named, int perFile, String prefix) {
        call("writeSequenceFiles", pixels, height, width, labels, named, perFile, prefix);
    }

    private Object call(String name, Object... arguments) {
        Method method = Arrays.stream(entry.getMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError("BigDL's " + name + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(Path jar) {
        try {
            return new File(jar.toString()).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
