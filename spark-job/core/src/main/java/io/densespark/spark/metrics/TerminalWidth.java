package io.densespark.spark.metrics;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How wide the terminal on standard output is at the moment: people resize windows. */
final class TerminalWidth {
    private static final String STANDARD_OUTPUT = "/proc/self/fd/1";
    private static final String VARIABLE = "COLUMNS";
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");
    private static final int USUAL = 80;

    private TerminalWidth() {}

    /** What the terminal itself says, or else the environment, or else what is usual. */
    static int columns() {
        OptionalInt asked = parse(ask());
        return asked.isPresent() ? asked.getAsInt() : ofVariable(Optional.ofNullable(System.getenv(VARIABLE)));
    }

    /** @param size rows and columns, as {@code stty size} prints them; empty if the terminal doesn't know */
    static OptionalInt parse(String size) {
        Matcher matcher = SIZE.matcher(size);
        return matcher.matches() ? positive(matcher.group(1)) : OptionalInt.empty();
    }

    static int ofVariable(Optional<String> columns) {
        return columns.map(TerminalWidth::positive).orElse(OptionalInt.empty()).orElse(USUAL);
    }

    private static OptionalInt positive(String number) {
        try {
            return OptionalInt.of(Integer.parseInt(number.strip())).stream()
                    .filter(columns -> columns > 0)
                    .findFirst();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static String ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File(STANDARD_OUTPUT))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return "";
            }
            return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
