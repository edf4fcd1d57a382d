package io.densespark.benchmark;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where code lies on this machine. */
public final class CodeLocation {
    private CodeLocation() {}

    /** The jar, or the folder of class files, that a class was loaded from. */
    public static Path of(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
