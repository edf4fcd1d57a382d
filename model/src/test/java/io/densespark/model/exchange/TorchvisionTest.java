package io.densespark.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A file that torchvision's DenseNet has read, and what it made of it. The expected values come from {@code
 * src/test/python/torchvision_logits.py}, run on the file that this test writes.
 */
class TorchvisionTest {
    private static final Path EXPORTED = Path.of("target", "torchvision", "exported.safetensors");
    private static final int IMAGES = 2;

    private final RandomModel model = Kind.IMAGENET_STEM.model();
    private JsonNode golden;

    @BeforeEach
    void readWhatTorchvisionSaid() throws IOException {
        try (InputStream in = TorchvisionTest.class.getResourceAsStream("/golden/torchvision.json")) {
            golden = new ObjectMapper().readTree(in);
        }
    }

    @Test
    void theExportedFileIsTheOneThatTorchvisionHasRead() throws IOException, NoSuchAlgorithmException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SafetensorsModel.write(model.description(), model.state(), file);
        Files.createDirectories(EXPORTED.getParent());
        Files.write(EXPORTED, file.toByteArray());

        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.toByteArray());
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo(golden.get("exported_sha256").asText());
    }

    @Test
    void theReplicaAgreesWithTorchvision() {
        float[] images = new float[model.images(IMAGES).length];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) (i * 7919L % 1009 / 1009.0 - 0.5);
        }
        float[] expected = new float[golden.get("logits").size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) golden.get("logits").get(i).asDouble();
        }

        assertThat(RandomModel.relativeDifference(model.logits(images, IMAGES), expected))
                .isLessThan(1e-5);
    }
}
