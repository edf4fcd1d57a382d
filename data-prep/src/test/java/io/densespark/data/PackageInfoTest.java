package io.densespark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the packages say of each other is so. */
class PackageInfoTest {
    private static final Path ROOT = Path.of("src/main/java/io/densespark/data");
    private static final Pattern PACKAGE = Pattern.compile("\\{@code ([a-z]+)}");
    private static final Pattern ENTRANCE = Pattern.compile("(?s).*(Entered by|Used by|Any code may use).*");

    @Test
    void theRootPackageNamesEveryPackageBelowIt() throws IOException {
        assertThat(packagesNamedIn(text("."))).isEqualTo(packages());
    }

    @Test
    void eachPackageSaysWhoMayEnterAndNamesOnlyPackagesThatExist() throws IOException {
        for (String name : packages()) {
            assertThat(text(name)).as(name).matches(ENTRANCE);
            assertThat(packages()).as(name).containsAll(packagesNamedIn(text(name)));
        }
    }

    private static Set<String> packagesNamedIn(String text) {
        return PACKAGE.matcher(text)
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> packages() throws IOException {
        try (Stream<Path> files = Files.list(ROOT)) {
            List<Path> folders = files.filter(Files::isDirectory).toList();
            return folders.stream()
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String text(String name) throws IOException {
        return Files.readString(ROOT.resolve(name).resolve("package-info.java"));
    }
}
