package io.densespark.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether people watch: what {@code System.console()} says differs between JDKs. */
final class Terminal {
    private Terminal() {}

    static boolean isStandardOutput() {
        return isTerminal(1);
    }

    static boolean isStandardError() {
        return isTerminal(2);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
