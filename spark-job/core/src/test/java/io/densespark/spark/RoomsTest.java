package io.densespark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words about the packages, beside the packages. */
class RoomsTest {
    private static final Path SOURCES = Path.of("src/main/java/io/densespark/spark");
    private static final Pattern ROOM = Pattern.compile("\\{@code\\s+(?:\\*\\s*)?([a-z]+)}");

    private static List<Path> folders() throws IOException {
        try (Stream<Path> found = Files.walk(SOURCES)) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void eachRoomIsNamedAtTheEntrance() throws IOException {
        String text = Files.readString(SOURCES.resolve("package-info.java"));
        TreeSet<String> named = ROOM.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> there = folders().stream()
                .filter(folder -> !folder.equals(SOURCES))
                .map(folder -> folder.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(there);
    }

    @Test
    void eachRoomSaysWhatItIsAndLinksOnlyToWhatExists() throws IOException {
        for (Path folder : folders()) {
            String text = Files.readString(folder.resolve("package-info.java"));
            assertThat(text).startsWith("/**");
            List<String> links = Pattern.compile("\\{@link\\s+(?:\\*\\s*)?(io\\.densespark\\.spark\\.[\\w.]+)")
                    .matcher(text)
                    .results()
                    .map((MatchResult result) -> result.group(1))
                    .toList();
            assertThat(links).allSatisfy(link -> assertThat(SOURCES.resolve(
                            link.replace("io.densespark.spark.", "").replace('.', '/') + ".java"))
                    .exists());
        }
    }
}
