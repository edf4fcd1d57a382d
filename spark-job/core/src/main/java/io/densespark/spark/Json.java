package io.densespark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON for programs: records as objects, their components in their order, with names in snake_case. */
public final class Json {
    private static final ObjectMapper LINE = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final ObjectMapper LINES = LINE.copy().enable(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** On one line, without its end. */
    public static String line(Record value) {
        return write(LINE, value);
    }

    /** On several lines, for people too; the last ends as the others do. */
    public static String lines(Record value) {
        return write(LINES, value) + "\n";
    }

    private static String write(ObjectMapper mapper, Record value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON of " + value.getClass(), e);
        }
    }
}
