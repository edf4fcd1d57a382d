package io.densespark.spark.ml;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * Whether Spark saves and loads on the driver's own disk, whatever the default file system is: since 4.1 Spark Connect puts
 * models there that it has no memory for, and says so by a variable of the thread.
 */
final class LocalMode {
    private static final Optional<MethodHandle> STATE = find();

    private LocalMode() {}

    private static Optional<MethodHandle> find() {
        try {
            Class<?> utils = Class.forName("org.apache.spark.ml.util.ReadWriteUtils");
            return Optional.of(MethodHandles.publicLookup()
                    .findStatic(utils, "localSavingModeState", MethodType.methodType(ThreadLocal.class)));
        } catch (ReflectiveOperationException e) {
            // Spark before 4.1 has no such mode.
            return Optional.empty();
        }
    }

    static boolean isOn() {
        if (STATE.isEmpty()) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(((ThreadLocal<?>) STATE.get().invoke()).get());
        } catch (Throwable e) {
            throw new IllegalStateException("Spark doesn't tell where it saves", e);
        }
    }
}
