package io.densespark.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelDescriptionTest {
    private static final DenseNetSpec SPEC = DenseNetSpec.bc(22, 8, 3, 2);

    private static ModelDescription description() {
        return new ModelDescription(
                SPEC,
                List.of("chat", "Vögel"),
                List.of(0.5, 0.25, 1e-9),
                List.of(0.1, 0.2, 0.3),
                new ImageShape(28, 32));
    }

    private static ModelDescription read(String json) throws IOException {
        return ModelDescription.read(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "s3a://models/model.json");
    }

    private static String json() {
        return new String(description().toJson(), StandardCharsets.UTF_8);
    }

    private static void requireRefused(String json, String reason) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("s3a://models/model.json")
                .hasMessageContaining(reason);
    }

    @Test
    void whatIsWrittenReadsBackEqual() throws IOException {
        assertThat(read(json())).isEqualTo(description());
    }

    @Test
    void theKeysAndTheirOrderAreThoseOfTheFilesThatExist() {
        assertThat(description().toJsonLine())
                .isEqualTo(
                        "{\"image_size\":{\"height\":28,\"width\":32},\"specification\":{\"inputChannels\":3,\"classes\":2,\"growthRate\":8,\"blocks\":[3,3,3],"
                                + "\"stem\":\"SMALL\",\"stemChannels\":16,\"compression\":0.5,\"bottleneckSize\":4,\"dropout\":0.0},"
                                + "\"classes\":[\"chat\",\"Vögel\"],\"mean\":[0.5,0.25,1.0E-9],\"std\":[0.1,0.2,0.3]}");
        assertThat(json())
                .startsWith("{\n  \"image_size\" : {\n    \"height\" : 28,\n    \"width\" : 32\n  },\n")
                .contains("\"blocks\" : [ 3, 3, 3 ],")
                .endsWith("\n  \"std\" : [ 0.1, 0.2, 0.3 ]\n}\n");
    }

    @Test
    void namesThatDontMatchTheNumberOfClassesAreRefused() {
        requireRefused(json().replace("\"chat\", ", ""), "names 1 classes, its specification has 2");
    }

    @Test
    void meansThatDontMatchTheNumberOfChannelsAreRefused() {
        requireRefused(json().replace("0.5, 0.25,", "0.5,"), "mean and std of 2 and 3 channels");
    }

    /** As a model of several labels an image would have it. */
    @Test
    void aFieldOfAnotherReleaseIsNamed() {
        requireRefused(json().replaceFirst("\\{", "{\"labels\" : \"multi\","), "labels");
    }

    @Test
    void aMissingOrEmptyFieldIsNamed() {
        requireRefused(json().replace("\"growthRate\" : 8,", ""), "growthRate");
        requireRefused(json().replace("\"image_size\"", "\"image-size\""), "image_size");
        requireRefused(json().replaceAll("\"std\" : \\[[^]]*]", "\"std\" : null"), "std");
    }

    @Test
    void aSpecificationOutOfRangeIsRefusedWithItsReason() {
        requireRefused(json().replace("\"growthRate\" : 8", "\"growthRate\" : 0"), "growth rate 0: must be at least 1");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        requireRefused("no json", "no valid model description");
        requireRefused("", "no valid model description");
        requireRefused("[]", "no valid model description");
        requireRefused("null", "no valid model description (it is null)");
        requireRefused(json().replace("[ 3, 3, 3 ]", "[ 3, null, 3 ]"), "no valid model description");
        requireRefused(json().substring(0, 50), "no valid model description");
    }
}
