package org.commissure.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Facts as one line of JSON on standard output. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static void print(Object facts) {
        try {
            System.out.println(MAPPER.writeValueAsString(facts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts that have no JSON form", e);
        }
    }
}
