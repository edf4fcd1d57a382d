package io.densespark.model;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may enter which room. */
class ArchitectureTest {
    private static final String ROOT = "io.densespark.model";
    private static final String LIBTORCH = ROOT + ".libtorch";
    private static final String CUDA = ROOT + ".cuda";
    private static final String BACKEND = ROOT + ".backend";
    private static final JavaClasses ALL = new ClassFileImporter().importPackages(ROOT);
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void onlyTheBindingsKnowTheLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackages(LIBTORCH, CUDA)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(ALL);
    }

    @Test
    void nothingKnowsSparkOrHadoop() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
                .check(ALL);
    }

    @Test
    void onlyTheFormatsKnowTheirProtobufClasses() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".exchange.bigdl")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.intel..")
                .check(ALL);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".exchange.onnx")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnx..", "com.google.protobuf..", "org.tribuo..")
                .check(ALL);
    }

    @Test
    void ofBigDlOnlyTheProtobufClassesAreUsed() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("com.intel..")
                        .and(not(resideInAnyPackage(
                                "com.intel.analytics.bigdl.serialization..",
                                "com.intel.analytics.shaded.protobuf_v_3_5_1.."))))
                .check(ALL);
    }

    @Test
    void onlyTheBindingComposesThePassesInJava() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".cpu")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(ROOT + ".cpu", LIBTORCH)
                .check(ALL);
    }

    @Test
    void theReplicaAndItsNeighboursKnowNoBinding() {
        noClasses()
                .that()
                .resideOutsideOfPackages(LIBTORCH, CUDA, BACKEND)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(LIBTORCH, CUDA)
                .check(MAIN);
    }

    @Test
    void theBindingsDontKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(CUDA)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LIBTORCH)
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(LIBTORCH)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CUDA)
                .check(MAIN);
    }

    @Test
    void aNetworkKnowsNothingButItself() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".network")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".network", "java..")
                .check(MAIN);
    }
}
