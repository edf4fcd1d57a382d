package io.densespark.spark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, copied into a project folder with a space in its name, in front of a spark-submit that shows its call. */
class LauncherIT {
    private static final String MAIN = "io.densespark.spark.cli.DenseSpark";

    @TempDir
    private Path folder;

    private Path root;
    private Path jar;
    private Path source;
    private Path tools;
    private Path sparkHome;

    /** How a run of the launcher ended. */
    private record Outcome(int exitStatus, List<String> stdout, String stderr) {}

    @BeforeEach
    void makeAProject() throws IOException {
        root = folder.toRealPath().resolve("my project");
        Path bin = Files.createDirectories(root.resolve("spark-job/bin"));
        for (String script : List.of("densespark", "source-checksum")) {
            Files.copy(
                    SparkHome.conf().resolveSibling("spark-job").resolve("bin").resolve(script), bin.resolve(script));
        }
        Files.createFile(root.resolve("pom.xml"));
        source = root.resolve("model/src/main/java/Source.java");
        for (String name : List.of("model/src/main/java", "data-prep", "conf", "spark-job/runtime-bigdl")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.writeString(source, "class Source {}");
        tools = Files.createDirectories(folder.resolve("tools"));
        jar = root.resolve("spark-job/core/target/densespark.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        recordTheBuild();
        sparkHome = folder.toRealPath().resolve("their spark");
        Files.createDirectories(sparkHome.resolve("bin"));
        script(sparkHome.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"\nexit 5\n");
    }

    @Test
    void sparksOptionsGoBeforeTheJarAndTheCommandsAfterIt() throws Exception {
        Outcome outcome =
                launch("train", "--master", "yarn", "--epochs", "3", "--conf=spark.a=b c", "--", "--name", "mine");

        assertThat(outcome.stdout())
                .containsExactly(
                        "--class",
                        MAIN,
                        "--master",
                        "yarn",
                        "--conf",
                        "spark.a=b c",
                        jar.toString(),
                        "train",
                        "--epochs",
                        "3",
                        "--name",
                        "mine");
    }

    @Test
    void theExitStatusIsTheJobs() throws Exception {
        assertThat(launch("train").exitStatus()).isEqualTo(5);
    }

    @Test
    void itFindsTheProjectThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("spark-job/bin/densespark"));

        assertThat(run(link, Map.of(), "train").stdout()).contains(jar.toString());
    }

    @Test
    void anOptionWithoutItsValueIsNamed() throws Exception {
        Outcome outcome = launch("train", "--master");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).isEqualTo("densespark: --master needs a value\n");
    }

    @Test
    void theDemoTakesNoMaster() throws Exception {
        Outcome outcome = launch("demo", "--master", "yarn");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("demo always runs on executors of its own");
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        Outcome outcome = launch(Map.of("JAVA_HOME", javaOfVersion("1.8.0_402").toString()), "train");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("is Java 1: set JAVA_HOME to JDK 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--archives",
                "--driver-class-path",
                "--driver-cores",
                "--driver-java-options",
                "--driver-library-path",
                "--exclude-packages",
                "--executor-cores",
                "--executor-memory",
                "--files",
                "--jars",
                "--keytab",
                "--master",
                "--name",
                "--num-executors",
                "--packages",
                "--principal",
                "--proxy-user",
                "--py-files",
                "--queue",
                "--remote",
                "--repositories",
                "--total-executor-cores",
                "--driver-default-class-path"
            })
    void anOptionOfSparkTakesItsValueInEitherForm(String option) throws Exception {
        assertThat(launch("train", option, "a b").stdout())
                .containsExactly("--class", MAIN, option, "a b", jar.toString(), "train");
        assertThat(launch("train", option + "=a=b").stdout())
                .containsExactly("--class", MAIN, option, "a=b", jar.toString(), "train");
    }

    @Test
    void anOptionOfSparkWhoseValueCanBeCheckedTakesItInEitherForm() throws Exception {
        String file = Files.createFile(folder.resolve("a=b c")).toString();
        Map<String, String> values = Map.of(
                "--driver-memory",
                "2g",
                "--conf",
                "spark.a=b c",
                "--deploy-mode",
                "cluster",
                "--properties-file",
                file,
                "--extra-properties-file",
                file);
        for (Map.Entry<String, String> option : values.entrySet()) {
            List<String> passed = List.of("--class", MAIN, option.getKey(), option.getValue(), jar.toString(), "train");
            assertThat(launch("train", option.getKey(), option.getValue()).stdout())
                    .isEqualTo(passed);
            assertThat(launch("train", option.getKey() + "=" + option.getValue())
                            .stdout())
                    .isEqualTo(passed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--conf spark.a | --conf wants KEY=VALUE, and this is spark.a",
                "-c =b | -c wants KEY=VALUE, and this is =b",
                "--properties-file /no/file | --properties-file /no/file is no file that can be read",
                "--extra-properties-file / | --extra-properties-file / is no file that can be read",
                "--deploy-mode cloud | --deploy-mode is client or cluster, not cloud",
                "--driver-memory 10m | a driver memory of 10m is less than the 450 MiB that Spark needs: give 512m or more",
                "--driver-memory 0.3g | a driver memory of 0.3g is no whole number with a unit: give 512m or 2g",
                "--driver-memory=1024 | a driver memory of 1024 is less than the 450 MiB",
                "--conf spark.driver.memory=449m | a driver memory of 449m is less",
                "--master local[2] --deploy-mode cluster | --deploy-mode cluster wants a cluster",
                "--master local --num-executors 2 | --num-executors is for a cluster's executors and has no effect on local",
                "--master local-cluster[2,1,1024] --executor-memory 1g | has no effect on local-cluster[2,1,1024]"
            })
    void whatSparkWouldRefuseWithAStackTraceOrTakeNoNoticeOfIsRefusedInOneLine(String options, String words)
            throws Exception {
        requireRefused(launch(options.split(" ")), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--total-executor-cores 4 | has no effect on those of this machine",
                "--deploy-mode cluster | --deploy-mode cluster wants a cluster",
                "--master yarn | --master yarn wants HADOOP_CONF_DIR",
                "--master k8s://https://host | the assembled Spark has no Kubernetes: set SPARK_HOME",
                "--master sprak://host:7077 | --master sprak://host:7077 is none that Spark knows",
                "--conf spark.master=lcoal | --master lcoal is none that Spark knows"
            })
    void whatTheAssembledSparkHasNotIsRefusedInOneLine(String options, String words) throws Exception {
        requireRefused(
                launch(Map.of("SPARK_HOME", "", "HADOOP_CONF_DIR", "", "YARN_CONF_DIR", ""), options.split(" ")),
                words);
    }

    @Test
    void theOptionsOfAClustersExecutorsPassWhereAPropertiesFileOrAnotherSparkMayNameTheCluster() throws Exception {
        assertThat(launch("train", "--executor-memory", "4g").exitStatus()).isEqualTo(5);
    }

    @Test
    void aTemporaryFolderThatIsNotThereIsNamed() throws Exception {
        Files.createDirectories(root.resolve("spark-job/runtime-3.5/target/spark/jars"));

        requireRefused(
                launch(Map.of("SPARK_HOME", "", "TMPDIR", "/no/folder"), "inspect"),
                "no folder can be made in /no/folder: set TMPDIR to one that can be written");
    }

    /** In which Java would read "M\u00fcnchen" as other letters, and write them. */
    @Test
    void theLocaleThatHasNoLettersButAsciisIsReplaced() throws Exception {
        script(sparkHome.resolve("bin/spark-submit"), "echo $LC_ALL\n");

        assertThat(launch(Map.of("LC_ALL", "C"), "train").stdout()).containsExactly("C.UTF-8");
        assertThat(launch(Map.of("LC_ALL", "C.utf8"), "train").stdout()).containsExactly("C.utf8");
    }

    private static void requireRefused(Outcome outcome, String words) {
        assertThat(outcome.stderr()).hasLineCount(1).startsWith("densespark: ").contains(words);
        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stdout()).isEmpty();
    }

    @Test
    void sparksShortOptionsAndThoseWithoutAValuePass() throws Exception {
        Outcome outcome = launch("-c", "spark.a=b", "train", "-v", "--verbose", "--supervise", "--load-spark-defaults");

        assertThat(outcome.stdout())
                .containsExactly(
                        "--class",
                        MAIN,
                        "-c",
                        "spark.a=b",
                        "-v",
                        "--verbose",
                        "--supervise",
                        "--load-spark-defaults",
                        jar.toString(),
                        "train");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version"})
    void helpAndVersionAreDenseSparksOwn(String option) throws Exception {
        assertThat(launch(option).stdout()).containsExactly("--class", MAIN, jar.toString(), option);
    }

    @Test
    void whatIsNoSubmissionOfDenseSparkIsRefused() throws Exception {
        for (String option : List.of("--kill", "--status")) {
            Outcome outcome = launch(option, "driver-1");
            assertThat(outcome.exitStatus()).isEqualTo(2);
            assertThat(outcome.stderr()).startsWith("densespark: " + option + " submits no job");
        }
        assertThat(launch("train", "--class", "other.Main").stderr()).contains("--class cannot be given");
    }

    @Test
    void aSpark3ThatIsTooOldForTheJavaFoundIsRefusedWithTheJavaToUse() throws Exception {
        Path java = javaOfVersion("25.0.1");
        Files.createFile(Files.createDirectories(sparkHome.resolve("jars")).resolve("spark-core_2.12-3.5.9.jar"));

        Outcome outcome = launch(Map.of("JAVA_HOME", java.toString()), "train");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr())
                .isEqualTo("densespark: " + java + "/bin/java is Java 25, and the Spark in " + sparkHome
                        + " needs 17 to 22: set JAVA_HOME to JDK 17 or 21\n");
    }

    @Test
    void aNewJavaGetsSpark4WhichIsBuiltOnDemand() throws Exception {
        script(tools.resolve("mvn"), "echo \"mvn $*\"\nexit 1\n");

        Outcome outcome = launch(
                Map.of(
                        "JAVA_HOME",
                        javaOfVersion("25").toString(),
                        "SPARK_HOME",
                        "",
                        "PATH",
                        tools + File.pathSeparator + System.getenv("PATH")),
                "train");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("-Pspark-4 package -f " + root + "/pom.xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "model/src/main/java/Source.java",
                "model/src/main/java/Added.java",
                "conf/recipe.yaml",
                "spark-job/runtime-bigdl/pom.xml"
            })
    void aJarOfOtherSourcesIsBuiltAnew(String changed) throws Exception {
        Files.writeString(root.resolve(changed), "changed");
        // Times say nothing.
        Files.setLastModifiedTime(root.resolve(changed), FileTime.fromMillis(0));
        script(tools.resolve("mvn"), "echo \"mvn $*\"\n");

        Outcome outcome = launch(Map.of("PATH", tools + File.pathSeparator + System.getenv("PATH")), "train");

        assertThat(outcome.stderr()).contains("densespark: building").contains("package -f " + root + "/pom.xml");
        assertThat(outcome.exitStatus()).isEqualTo(5);
    }

    @Test
    void aCopyWithNewTimesIsNotBuiltAgainAndNeedsNoMaven() throws Exception {
        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
        Files.createDirectories(root.resolve("model/src/test/java"));
        Files.createFile(root.resolve("model/src/test/java/NotInTheJar.java"));
        script(tools.resolve("mvn"), "echo Maven was called >&2\nexit 1\n");
        Path copy = folder.resolve("copy");
        assertThat(new ProcessBuilder("cp", "-r", root.toString(), copy.toString())
                        .start()
                        .waitFor())
                .isZero();

        Outcome outcome = run(
                copy.resolve("spark-job/bin/densespark"),
                Map.of("PATH", tools + File.pathSeparator + System.getenv("PATH")),
                "train");

        assertThat(outcome.stderr()).isEmpty();
        assertThat(outcome.exitStatus()).isEqualTo(5);
    }

    /** As Maven does. */
    private void recordTheBuild() throws IOException {
        Process checksum = new ProcessBuilder(
                        root.resolve("spark-job/bin/source-checksum").toString())
                .redirectOutput(jar.resolveSibling("densespark.jar.sources").toFile())
                .start();
        try {
            assertThat(checksum.waitFor()).isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A JAVA_HOME whose Java only says which it is. */
    private Path javaOfVersion(String version) throws IOException {
        Path home = folder.resolve("java-" + version);
        Path java = home.resolve("bin/java");
        Files.createDirectories(java.getParent());
        script(java, "echo 'openjdk version \"" + version + "\"' >&2\n");
        return home;
    }

    private Outcome launch(Map<String, String> environment, String... arguments) throws Exception {
        return run(root.resolve("spark-job/bin/densespark"), environment, arguments);
    }

    private Outcome launch(String... arguments) throws Exception {
        return launch(Map.of(), arguments);
    }

    private Outcome run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> commandLine = new ArrayList<>(List.of(launcher.toString()));
        commandLine.addAll(List.of(arguments));
        Path stderr = folder.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(commandLine).directory(folder.toFile()).redirectError(stderr.toFile());
        builder.environment().put("SPARK_HOME", sparkHome.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream stdout = process.getInputStream()) {
            List<String> lines = new String(stdout.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new Outcome(process.waitFor(), lines, Files.readString(stderr));
        }
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
