package io.densespark.model.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What this machine's processor has instructions for, by Linux's account. */
public final class CpuFeatures {
    private static final Path ACCOUNT = Path.of("/proc/cpuinfo");
    private static final List<String> OF_BFLOAT = List.of("avx512_bf16", "amx_bf16");

    private CpuFeatures() {}

    /** Whether it multiplies bfloat16: without, such products are slower than those of floats. */
    public static boolean hasBfloat() {
        try {
            return hasBfloat(Files.readAllLines(ACCOUNT));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ACCOUNT, e);
        }
    }

    static boolean hasBfloat(List<String> account) {
        return account.stream()
                .filter(line -> line.startsWith("flags"))
                .flatMap(line -> Arrays.stream(line.split("\\s+", -1)))
                .anyMatch(OF_BFLOAT::contains);
    }
}
