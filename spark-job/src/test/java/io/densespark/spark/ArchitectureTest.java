package io.densespark.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeJars;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.densespark.spark", importOptions = DoNotIncludeJars.class)
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
}
