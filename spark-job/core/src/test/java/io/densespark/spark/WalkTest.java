package io.densespark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walk from the command to the first step, as {@code docs/architecture.md} tells it, beside the code. */
class WalkTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern CALL = Pattern.compile("\\| (\\d+) \\| `(\\w+)\\.(\\w+)` \\|");

    record Call(int number, String type, String method) {}

    private static List<Call> calls() throws IOException {
        return CALL.matcher(Files.readString(ROOT.resolve("docs/architecture.md")))
                .results()
                .map(row -> new Call(Integer.parseInt(row.group(1)), row.group(2), row.group(3)))
                .toList();
    }

    private static String source(String type) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            Path file = files.filter(path -> path.endsWith(type + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no class " + type));
            return Files.readString(file);
        }
    }

    @Test
    void itTakesAtMostTwelveCallsInTheirOrder() throws IOException {
        assertThat(calls()).extracting(Call::number).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void everyCallIsThereByItsName() throws IOException {
        for (Call call : calls()) {
            assertThat(source(call.type()))
                    .as(call.toString())
                    .containsPattern("\\b" + call.method() + "\\((?!\\);)[^;{]*\\)\\s*(throws [\\w., ]+)?\\s*\\{");
        }
    }
}
