package io.densespark.model.weights;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.densespark.model.network.DenseNetSpec;

/**
 * Records as JSON and back. Keys are the components' names in snake case, in their order; of a {@link DenseNetSpec} in
 * camel case, as the files have always had it. Reading is strict: a key that is missing, null or unknown is an error, and
 * so is text or a fraction in place of a whole number, and a null in a list or in place of the whole.
 */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addMixIn(DenseNetSpec.class, CamelCase.class)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
    private interface CamelCase {}

    private Json() {}

    /** A record, list or map in one line, without a line break. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON of " + value.getClass(), e);
        }
    }

    /** A record, list or map for people: indented, with a line break at the end. */
    public static String text(Object value) {
        try {
            return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON of " + value.getClass(), e);
        }
    }

    /**
     * Reads a record, list or map.
     *
     * @throws JsonProcessingException if it is no JSON, or not of that type; its cause is the record's own error, if any
     */
    public static <T> T parse(String json, Class<T> type) throws JsonProcessingException {
        return convert(tree(json), type);
    }

    static JsonNode tree(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    static <T> T convert(JsonNode node, Class<T> type) throws JsonProcessingException {
        if (node.isNull()) {
            throw MismatchedInputException.from(null, type, "it is null");
        }
        return MAPPER.treeToValue(node, type);
    }
}
