package io.densespark.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class WheelTest {
    private static Wheel wheel() {
        Wheel wheel = new Wheel("photos", "1.2-SNAPSHOT");
        wheel.add("photos/b.py", "b = 1\n".getBytes(StandardCharsets.UTF_8));
        wheel.add("photos/__init__.py", new byte[0]);
        wheel.addLicense("free\n".getBytes(StandardCharsets.UTF_8));
        return wheel;
    }

    private static Map<String, String> unpacked(byte[] bytes) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    /** The sums by {@code python3 -c "import base64,hashlib; print(base64.urlsafe_b64encode(hashlib.sha256(b'...').digest()))"}. */
    @Test
    void aRecordHasTheSumsOfAllFilesButItself() throws IOException {
        Map<String, String> files = unpacked(wheel().bytes());
        assertThat(files)
                .containsOnlyKeys(
                        "photos-1.2.dev0.dist-info/LICENSE",
                        "photos-1.2.dev0.dist-info/METADATA",
                        "photos-1.2.dev0.dist-info/WHEEL",
                        "photos-1.2.dev0.dist-info/RECORD",
                        "photos/__init__.py",
                        "photos/b.py");
        assertThat(files.get("photos-1.2.dev0.dist-info/RECORD").lines())
                .hasSize(6)
                .contains(
                        "photos/b.py,sha256=gUX_t65JGJopeG1462lec2_LCDSw2TGVrYE3FgyotKk,6",
                        "photos/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
                        "photos-1.2.dev0.dist-info/RECORD,,");
    }

    @Test
    void theMetadataNamesPackageAndVersion() throws IOException {
        assertThat(unpacked(wheel().bytes())
                        .get("photos-1.2.dev0.dist-info/METADATA")
                        .lines())
                .startsWith("Metadata-Version: 2.1", "Name: photos", "Version: 1.2.dev0");
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws IOException {
        assertThat(wheel().bytes()).isEqualTo(wheel().bytes());
    }
}
