package org.commissure.coordinator.console;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The API's one JSON form: records by their component names, instants as ISO-8601 in UTC. */
final class ConsoleJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    private ConsoleJson() {}

    static String write(Object body) {
        try {
            return MAPPER.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that has no JSON form", e);
        }
    }

    /** The members of an object; empty for an empty body. */
    static Map<String, JsonNode> readObject(byte[] body) {
        Map<String, JsonNode> members = new TreeMap<>();
        try {
            JsonNode read = body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
            if (!read.isObject()) {
                throw new Problem(400, "the body is no JSON object", "send an object");
            }
            read.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            return members;
        } catch (JacksonException e) {
            throw new Problem(400, "the body is not JSON", "send an object");
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot be read", e);
        }
    }
}
