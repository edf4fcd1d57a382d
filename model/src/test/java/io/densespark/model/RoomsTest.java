package io.densespark.model;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of this module are what the packages' own texts say. */
class RoomsTest {
    private static final String ROOT = "io.densespark.model";
    private static final Path SOURCES = Path.of("src/main/java", ROOT.replace('.', '/'));
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final Pattern CODE = Pattern.compile("\\{@code ([a-z.]+)}");
    private static final Pattern LINK = Pattern.compile("\\{@link ([A-Za-z.]+)}");
    private static final Pattern ENTRANTS = Pattern.compile(
            "In this module (everybody|nobody|\\{@code [a-z.]+}(?:(?:, | and )\\{@code [a-z.]+})*) enters?\\b");

    /** The packages that have classes, by their names behind the root's. */
    static List<String> rooms() {
        return MAIN.stream()
                .map(RoomsTest::room)
                .filter(not(String::isEmpty))
                .distinct()
                .sorted()
                .toList();
    }

    private static String room(JavaClass of) {
        return of.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "");
    }

    /** What a package says of itself, in one line. */
    private static String text(String room) throws IOException {
        return Files.readString(SOURCES.resolve(room.replace('.', '/')).resolve("package-info.java"))
                .replaceAll("\\s*\\n \\*\\s*", " ");
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noRoomsDependOnOneAnotherInACircle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MAIN);
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void theModuleNamesItsRoomsAndNoOthers() throws IOException {
        assertThat(found(CODE, text(""))).containsExactlyElementsOf(rooms());
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomNamesThoseWhoEnterIt(String room) throws IOException {
        List<String> named = ENTRANTS.matcher(text(room))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(named).as("sentences that name entrants").hasSize(1);
        if (!named.get(0).equals("everybody")) {
            assertThat(found(CODE, named.get(0))).isEqualTo(entrants(room));
        }
    }

    private static Set<String> entrants(String room) {
        return MAIN.stream()
                .filter(entered -> room(entered).equals(room))
                .flatMap(entered -> entered.getDirectDependenciesToSelf().stream())
                .map(Dependency::getOriginClass)
                .map(RoomsTest::room)
                .filter(not(room::equals))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aClassThatARoomNamesExists(String room) throws IOException {
        for (String name : found(LINK, text(room))) {
            assertThatCode(() -> MAIN.get(name)).as(name).doesNotThrowAnyException();
        }
    }
}
