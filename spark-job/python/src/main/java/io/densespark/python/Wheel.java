package io.densespark.python;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A wheel of pure Python: a ZIP archive of the package's files, and of what installers read (PEP 427 for the archive, PEP 566
 * for the metadata). The same files give the same bytes.
 */
final class Wheel {
    /** No file system's or time zone's: the first that ZIP knows. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final String info;
    private final Map<String, byte[]> files = new TreeMap<>();

    /** @param version as Maven has it */
    Wheel(String name, String version) {
        // Python's order of versions has no snapshots.
        String pythonVersion = version.replace("-SNAPSHOT", ".dev0");
        info = name + "-" + pythonVersion + ".dist-info/";
        add(info + "WHEEL", """
                Wheel-Version: 1.0
                Generator: densespark
                Root-Is-Purelib: true
                Tag: py3-none-any
                """);
        // Spark brings PySpark along, or it was installed as pyspark or as pyspark-client: none of them is required by
        // name.
        add(info + "METADATA", """
                Metadata-Version: 2.1
                Name: %s
                Version: %s
                Summary: DenseNets on Apache Spark: stages of Spark ML pipelines, classic and on Spark Connect
                License: Apache-2.0
                Requires-Python: >=3.8
                """.formatted(name, pythonVersion));
    }

    /** Adds a file by its path in the archive. */
    void add(String path, byte[] content) {
        files.put(path, content);
    }

    void addLicense(byte[] text) {
        add(info + "LICENSE", text);
    }

    private void add(String path, String text) {
        add(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The archive. */
    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            StringBuilder record = new StringBuilder();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                write(zip, file.getKey(), file.getValue());
                record.append(file.getKey())
                        .append(",sha256=")
                        .append(sha256(file.getValue()))
                        .append(',')
                        .append(file.getValue().length)
                        .append('\n');
            }
            record.append(info).append("RECORD,,\n");
            write(zip, info + "RECORD", record.toString().getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Not compressed: that would differ with the release of the library that does it. */
    private static void write(ZipOutputStream zip, String path, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(path);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static String sha256(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
