package io.densespark.benchmark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Of all of DenseSpark's modules, so that what must not know this one is seen. */
@AnalyzeClasses(packages = "io.densespark", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String HERE = "io.densespark.benchmark";

    @ArchTest
    static final ArchRule ROOMS_DO_NOT_KNOW_EACH_OTHER_IN_CIRCLES =
            slices().matching(HERE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule WHAT_ROOMS_SHARE_KNOWS_NONE_OF_THEM = noClasses()
            .that()
            .resideInAPackage(HERE)
            .should()
            .dependOnClassesThat(resideInAPackage(HERE + "..").and(not(resideInAPackage(HERE))));

    @ArchTest
    static final ArchRule THE_OTHER_MODULES_DO_NOT_KNOW_THE_BENCHMARKS =
            noClasses().that().resideOutsideOfPackage(HERE + "..").should().dependOnClassesThat(in(""));

    @ArchTest
    static final ArchRule COMMANDS_ARE_ENTERED_BY_NOBODY =
            noClasses().that().resideOutsideOfPackage(HERE + ".cli").should().dependOnClassesThat(in(".cli"));

    /** A benchmark is entered by its command, and by no other benchmark. */
    @ArchTest
    static final ArchRule BENCHMARKS_ARE_ENTERED_BY_COMMANDS_ONLY = slices().matching(
                    HERE + ".(replica|pass|bigdl|memory|cluster)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_COMMANDS_ENTER_THE_JOBS_COMMANDS = noClasses()
            .that()
            .resideInAPackage(HERE + "..")
            .and()
            .resideOutsideOfPackage(HERE + ".cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.densespark.spark.cli..");

    @ArchTest
    static final ArchRule THE_LIBRARY_IS_BEHIND_THE_MODEL = noClasses()
            .that()
            .resideInAPackage(HERE + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule PLOTS_ARE_DRAWN_IN_ONE_WAY = noClasses()
            .that(not(resideInAnyPackage(HERE + ".report", HERE + ".memory", HERE + ".cluster")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.knowm..");

    @ArchTest
    static final ArchRule JSON_IS_WRITTEN_IN_ONE_WAY = noClasses()
            .that()
            .resideInAPackage(HERE + "..")
            .and()
            .doNotHaveSimpleName("Json")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.fasterxml.jackson.databind.ObjectMapper");

    /** The rooms that the module's description names are those that there are. */
    @ArchTest
    static void theRoomsAreThoseThatAreDescribed(JavaClasses classes) throws IOException {
        Set<String> rooms = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(HERE + "."))
                .map(name -> name.substring(HERE.length() + 1))
                .filter(name -> !name.endsWith(".jmh_generated"))
                .collect(Collectors.toSet());
        String description = Files.readString(Path.of("src/main/java/io/densespark/benchmark/package-info.java"));

        assertThat(Pattern.compile("\\{@code (\\w+)}")
                        .matcher(description)
                        .results()
                        .map((MatchResult room) -> room.group(1)))
                .containsExactlyInAnyOrderElementsOf(rooms);
    }

    private static DescribedPredicate<JavaClass> in(String room) {
        return resideInAPackage(HERE + room + "..");
    }
}
