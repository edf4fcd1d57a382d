package io.densespark.spark;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeJars;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.hadoop.fs.FileSystem;

@AnalyzeClasses(
        packages = "io.densespark.spark",
        importOptions = {DoNotIncludeJars.class, DoNotIncludeTests.class})
class ArchitectureTest {
    @ArchTest
    static final ArchRule THE_LIBRARY_IS_BEHIND_THE_MODEL =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule COMMANDS_ARE_ENTERED_BY_NOBODY = noClasses()
            .that()
            .resideOutsideOfPackage("io.densespark.spark.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.densespark.spark.cli..");

    @ArchTest
    static final ArchRule PLATFORM_CHECKS_COME_BEFORE_THE_LIBRARY = noClasses()
            .that()
            .resideInAPackage("io.densespark.spark.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.densespark.model..");

    /** Hadoop hands the same object to everybody in the process, other jobs included. */
    @ArchTest
    static final ArchRule CACHED_FILE_SYSTEMS_STAY_OPEN = noClasses()
            .should()
            .callMethodWhere(target(owner(assignableTo(FileSystem.class))).and(target(nameMatching("close(All.*)?"))));

    @ArchTest
    static final ArchRule ROOMS_FORM_NO_CIRCLE =
            slices().matching("io.densespark.spark.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule STAGES_ARE_RUN_IN_ONE_ROOM = noClasses()
            .that()
            .resideOutsideOfPackages("io.densespark.spark.rank..", "io.densespark.spark.barrier..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.densespark.spark.barrier..");
}
