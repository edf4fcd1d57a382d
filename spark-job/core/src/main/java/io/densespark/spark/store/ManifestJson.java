package io.densespark.spark.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** A {@link Manifest} as UTF-8 JSON. */
final class ManifestJson {
    /** How a whole text ends: inner braces are indented. */
    private static final String END = "\n}";

    private static final String FORMAT = "format";
    private static final String PROGRESS = "progress";
    private static final Set<Integer> KNOWN = Set.of(Manifest.FORMAT, Manifest.FORMAT_WITHIN_EPOCH);

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addMixIn(EpochRow.class, CamelCase.class)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ManifestJson() {}

    /** Rows have had such names since format 2. */
    @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
    private interface CamelCase {}

    static byte[] write(Manifest manifest) {
        try {
            ObjectNode tree = JSON.valueToTree(manifest);
            if (manifest.format() == Manifest.FORMAT) {
                tree.remove(PROGRESS);
            }
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest has nothing that JSON can't hold", e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @param file to name in an error
     * @return nothing if the text was cut off: it was never complete
     * @throws JobException if it has another format
     * @throws JsonProcessingException if it is damaged
     * @throws DamagedFileException if it is, and JSON all the same
     */
    static Optional<Manifest> read(byte[] text, Path file) throws IOException {
        if (isCutOff(text)) {
            return Optional.empty();
        }
        JsonNode tree = JSON.readTree(text);
        // Looked at first: the fields of another format may be others.
        if (tree.path(FORMAT).isIntegralNumber()
                && !KNOWN.contains(tree.get(FORMAT).asInt())) {
            throw new JobException("checkpoint " + file + " has format " + tree.get(FORMAT) + ", this release reads "
                    + Manifest.FORMAT + " and " + Manifest.FORMAT_WITHIN_EPOCH
                    + ": go on with the release that wrote it, or choose another --save");
        }
        if (!tree.isObject()) {
            throw new DamagedFileException("it is no JSON object");
        }
        if (tree.path(FORMAT).asInt() == Manifest.FORMAT) {
            ((ObjectNode) tree).set(PROGRESS, JSON.valueToTree(EpochProgress.NONE));
        }
        return Optional.of(JSON.treeToValue(tree, Manifest.class));
    }

    /** Whether the text is right as far as it goes, and wants more. */
    private static boolean isCutOff(byte[] text) throws IOException {
        if (new String(text, StandardCharsets.UTF_8).endsWith(END)) {
            // A quotation mark that is damaged seems to want more too.
            return false;
        }
        try (JsonParser parser = JSON.getFactory().createNonBlockingByteArrayParser()) {
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(text, 0, text.length);
            boolean isEmpty = true;
            while (parser.nextToken() != JsonToken.NOT_AVAILABLE) {
                isEmpty = false;
            }
            return isEmpty || !parser.getParsingContext().inRoot();
        }
    }
}
