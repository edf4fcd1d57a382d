package io.densespark.spark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The job jar as users submit it. Runs against the Spark home of 3.5 and, from {@code runtime-4}, of Spark 4. */
class JobJarIT {

    /** A class in both would be loaded from Spark's copy, whatever its version. */
    @Test
    void itSharesNoClassAndNoResourceWithAnyOfSparksJars() throws IOException {
        Set<String> ours = content(SparkHome.jobJar());
        Map<String, Set<String>> overlap = new TreeMap<>();
        for (Path jar : SparkHome.assembled().jars()) {
            Set<String> shared = content(jar);
            shared.retainAll(ours);
            if (!shared.isEmpty()) {
                overlap.put(jar.getFileName().toString(), shared);
            }
        }

        assertThat(ours).hasSizeGreaterThan(1000);
        assertThat(overlap).isEmpty();
    }

    @Test
    void itHoldsOnlyOurPackagesNativeLibrariesAndPicocli() throws IOException {
        Set<String> roots = content(SparkHome.jobJar()).stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.split("/", 3))
                .map(parts -> parts[0].equals("picocli") ? "picocli" : parts[0] + "/" + parts[1])
                .collect(Collectors.toSet());

        assertThat(roots).containsExactlyInAnyOrder("io/densespark", "org/bytedeco", "picocli");
    }

    @Test
    void itCarriesLibtorchForLinuxAndTheNamesOfItsServicesAreRelocated() throws IOException {
        try (JarFile jar = new JarFile(SparkHome.jobJar().toFile())) {
            assertThat(jar.getEntry("org/bytedeco/pytorch/linux-x86_64/libjnitorch.so"))
                    .isNotNull();
            String prefix = "META-INF/services/io.densespark.shaded.com.fasterxml.jackson.core.";
            assertThat(jar.getEntry("META-INF/services/com.fasterxml.jackson.core.ObjectCodec"))
                    .isNull();
            try (InputStream in = jar.getInputStream(jar.getEntry(prefix + "ObjectCodec"))) {
                assertThat(in)
                        .asString(java.nio.charset.StandardCharsets.UTF_8)
                        .contains("io.densespark.shaded.com.fasterxml.jackson.databind.ObjectMapper")
                        .doesNotContain("\ncom.fasterxml");
            }
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("io.densespark.spark.cli.DenseSpark");
        }
    }

    @Test
    void ofCudaItCarriesTheBindingsAndNoneOfNvidiasLibraries() throws IOException {
        assertThat(libraries("cuda"))
                .containsExactlyInAnyOrder("libjnicudart.so", "libjnicublas.so", "libjnicudnn.so", "libjninccl.so");
        assertThat(content(SparkHome.jobJar())).contains("io/densespark/model/cuda/passes.ptx");
    }

    private static Set<String> libraries(String of) throws IOException {
        return content(SparkHome.jobJar()).stream()
                .filter(name -> name.startsWith("org/bytedeco/" + of + "/linux-x86_64/"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }

    @Test
    void ofOpenCvItCarriesWhatDecodesImages() throws IOException {
        assertThat(libraries("opencv"))
                .containsExactlyInAnyOrder(
                        "libopencv_core.so.413",
                        "libopencv_imgproc.so.413",
                        "libopencv_imgcodecs.so.413",
                        "libjniopencv_core.so",
                        "libjniopencv_imgproc.so",
                        "libjniopencv_imgcodecs.so");
    }

    /** The module of Spark 4 must run the very file that was built for Spark 3.5. */
    @Test
    void itIsTheFileThatTheBuildRecorded() throws Exception {
        Path jar = SparkHome.jobJar();
        String recorded = Files.readString(jar.resolveSibling(jar.getFileName() + ".sha256"))
                .strip();

        assertThat(sha256(jar)).isEqualTo(recorded);
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Set<String> content(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(java.util.zip.ZipEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
