package io.densespark.data;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.hadoop.fs.FileSystem;

@AnalyzeClasses(packages = "io.densespark.data", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule nothingHereKnowsTheModel =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.densespark.model..");

    @ArchTest
    static final ArchRule onlyTheDecoderKnowsNativeLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("io.densespark.data.decode")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule ofNativeLibrariesThereIsOpenCvAlone = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("org.bytedeco..")
                    .and(not(resideInAnyPackage("org.bytedeco.javacpp..", "org.bytedeco.opencv.."))));

    @ArchTest
    static final ArchRule withinTheDecoderOneClassKnowsTheLibrary = noClasses()
            .that()
            .doNotHaveSimpleName("OpenCv")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule theDecoderKnowsBytesAndNeitherFilesNorDataSets = noClasses()
            .that()
            .resideInAPackage("io.densespark.data.decode")
            .should()
            .dependOnClassesThat(resideInAPackage("io.densespark.data.*")
                    .and(not(resideInAPackage("io.densespark.data.decode")))
                    .or(resideInAPackage("org.apache..")));

    /** Replicas read shards without Spark SQL, and sources of pixels need no tasks. */
    @ArchTest
    static final ArchRule onlyPreparationKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackages("io.densespark.data.records", "io.densespark.data.prepare")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..");

    @ArchTest
    static final ArchRule recordsKnowNoShards = noClasses()
            .that()
            .resideInAPackage("io.densespark.data.records")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.densespark.data.shard", "io.densespark.data.prepare", "io.densespark.data.batch");

    /** Records look at the notes in the footers of others' files. */
    @ArchTest
    static final ArchRule shardsAndRecordsKnowParquet = noClasses()
            .that()
            .resideOutsideOfPackages("io.densespark.data.shard", "io.densespark.data.records")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.parquet..");

    @ArchTest
    static final ArchRule batchesComeFromShardsAndNotFromSources = noClasses()
            .that()
            .resideInAPackage("io.densespark.data.batch")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.densespark.data.source", "io.densespark.data.records", "io.densespark.data.prepare");

    @ArchTest
    static final ArchRule sourcesKnowNeitherShardsNorBatches = noClasses()
            .that()
            .resideInAPackage("io.densespark.data.source")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.densespark.data.shard", "io.densespark.data.prepare", "io.densespark.data.batch");

    @ArchTest
    static final ArchRule theRootPackageKnowsFilesOnly = noClasses()
            .that()
            .resideInAPackage("io.densespark.data")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.densespark.data.*").and(not(resideInAPackage("io.densespark.data.files"))));

    @ArchTest
    static final ArchRule filesKnowNoDataSets = noClasses()
            .that()
            .resideInAPackage("io.densespark.data.files")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.densespark.data..").and(not(resideInAPackage("io.densespark.data.files"))));

    @ArchTest
    static final ArchRule noPackagesGoInACircle =
            slices().matching("io.densespark.data.(*)..").should().beFreeOfCycles();

    /** Hadoop hands the same object to everybody in the process, other jobs included. */
    @ArchTest
    static final ArchRule cachedFileSystemsStayOpen = noClasses()
            .should()
            .callMethodWhere(target(owner(assignableTo(FileSystem.class))).and(target(nameMatching("close(All.*)?"))));
}
