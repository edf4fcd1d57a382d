package io.densespark.spark.platform;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine under this JVM, as far as libtorch is concerned.
 *
 * @param os as {@code os.name} has it
 * @param architecture as {@code os.arch} has it
 * @param glibc the minor version of glibc 2 ({@code 36} for 2.36); empty if the JVM runs on another C library
 * @param libraryFolders where the dynamic loader and the JVM look for libraries first
 */
record Platform(String os, String architecture, Optional<Integer> glibc, List<Path> libraryFolders) {

    private static final Pattern LIBC = Pattern.compile("\\s(/\\S*/libc(?:\\.so\\.6|-2\\.\\d+\\.so))$");
    private static final Pattern VERSION = Pattern.compile("GLIBC_2\\.(\\d+)");

    Platform {
        libraryFolders = List.copyOf(libraryFolders);
    }

    static Platform current() {
        return new Platform(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                glibcOfThisProcess(),
                Stream.of(System.getenv("LD_LIBRARY_PATH"), System.getProperty("java.library.path"))
                        .filter(Objects::nonNull)
                        .flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
                        .filter(folder -> !folder.isBlank())
                        .distinct()
                        .map(Path::of)
                        .toList());
    }

    /**
     * The newest {@code GLIBC_2.x} that the C library mapped into this process defines. These names are what the
     * dynamic loader compares with what a library asks for, so that this asks the loader's own question; {@code ldd} may
     * be missing or belong to another root, and {@code gnu_get_libc_version} needs native code.
     */
    private static Optional<Integer> glibcOfThisProcess() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            Optional<String> libc = maps.map(LIBC::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .findFirst();
            return libc.isEmpty() ? Optional.empty() : newestVersion(Files.readAllBytes(Path.of(libc.get())));
        } catch (IOException e) {
            throw new PlatformException("cannot find out which C library this JVM runs on", e);
        }
    }

    static Optional<Integer> newestVersion(byte[] libc) {
        return VERSION.matcher(new String(libc, StandardCharsets.ISO_8859_1))
                .results()
                .map(version -> Integer.valueOf(version.group(1)))
                .max(Integer::compare);
    }
}
