package io.densespark.spark.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether libtorch will load here: asked before it is tried, because its own failure is a crash or a riddle. */
public final class PlatformCheck {

    /** The libtorch in the job jar asks for {@code GLIBC_2.35}. */
    private static final int NEEDED_GLIBC_MINOR = 35;

    private static final String REMEDY = "; run the executors in a container with Debian 12, Ubuntu 22.04 or newer";
    private static final List<String> LIBTORCH = List.of("libtorch.so", "libtorch_cpu.so", "libc10.so");

    private PlatformCheck() {}

    /**
     * Checks the machine under this JVM; on an executor, before anything of libtorch is touched.
     *
     * @throws PlatformException if it is not Linux on x86-64, if the C library is not glibc 2.35 or newer, or if another
     *     libtorch is on the library path
     */
    public static void requireSupported() {
        requireSupported(Platform.current());
    }

    static void requireSupported(Platform platform) {
        if (!platform.os().equals("Linux") || !platform.architecture().equals("amd64")) {
            throw new PlatformException("libtorch needs Linux on x86-64, and this is " + platform.os() + " on "
                    + platform.architecture() + REMEDY + " on x86-64");
        }
        if (platform.glibc().isEmpty()) {
            throw new PlatformException("libtorch needs glibc 2." + NEEDED_GLIBC_MINOR
                    + " or newer, and this JVM runs on another C library (Alpine has musl)" + REMEDY);
        }
        int minor = platform.glibc().get();
        if (minor < NEEDED_GLIBC_MINOR) {
            throw new PlatformException("libtorch needs glibc 2." + NEEDED_GLIBC_MINOR
                    + " or newer, and this machine has 2." + minor + REMEDY);
        }
        for (Path folder : platform.libraryFolders()) {
            for (String library : LIBTORCH) {
                if (Files.exists(folder.resolve(library))) {
                    throw new PlatformException("another libtorch is on the library path (" + folder.resolve(library)
                            + "): parts of it would be loaded with ours, and the JVM would crash; remove it (on Debian"
                            + " the package libtorch-dev), or take " + folder
                            + " off LD_LIBRARY_PATH and java.library.path");
                }
            }
        }
    }
}
