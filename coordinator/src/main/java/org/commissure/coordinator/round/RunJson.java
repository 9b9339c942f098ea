package org.commissure.coordinator.round;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** The status document as JSON; keys are the component names of {@link RunSummary}. */
public final class RunJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonMapper SNAKE = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new Jdk8Module())
            .build();

    private RunJson() {}

    /** On one line: a status document, or another record or map. */
    public static String write(Object document) {
        try {
            return MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document that has no JSON form", e);
        }
    }

    public static RunSummary read(String json) {
        try {
            return MAPPER.readValue(json, RunSummary.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a status document: " + e.getOriginalMessage(), e);
        }
    }

    /** With the keys that the study file uses, indented. */
    static byte[] config(Object section) {
        try {
            return SNAKE.writerWithDefaultPrettyPrinter().writeValueAsBytes(section);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that has no JSON form", e);
        }
    }
}
