package org.commissure.models.modelfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The keys of one JSON object, read by type; each problem names its key.
 *
 * @param prefix of the keys in messages, for example {@code commissure.}
 */
record JsonKeys(ObjectNode object, String prefix) {

    boolean has(String key) {
        return object.hasNonNull(key);
    }

    int integer(String key) throws MalformedConfigurationException {
        JsonNode node = required(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw problem(key, "is " + shown(node) + ", not an integer of 32 bits");
        }
        return node.intValue();
    }

    double number(String key) throws MalformedConfigurationException {
        JsonNode node = required(key);
        if (!node.isNumber()) {
            throw problem(key, "is " + shown(node) + ", not a number");
        }
        return node.doubleValue();
    }

    double number(String key, double otherwise) throws MalformedConfigurationException {
        return has(key) ? number(key) : otherwise;
    }

    boolean flag(String key, boolean otherwise) throws MalformedConfigurationException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode node = object.path(key);
        if (!node.isBoolean()) {
            throw problem(key, "is " + shown(node) + ", neither true nor false");
        }
        return node.booleanValue();
    }

    String text(String key, String otherwise) throws MalformedConfigurationException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode node = object.path(key);
        if (!node.isTextual()) {
            throw problem(key, "is " + shown(node) + ", not a string");
        }
        return node.textValue();
    }

    /** A key that may be absent, but if there must say {@code expected}. */
    void mustBe(String key, JsonNode expected, String why) throws MalformedConfigurationException {
        if (has(key) && !sameValue(object.path(key), expected)) {
            throw problem(key, "is " + shown(object.path(key)) + "; only " + expected + " is supported: " + why);
        }
    }

    MalformedConfigurationException problem(String key, String problem) {
        return new MalformedConfigurationException(prefix + key + " " + problem);
    }

    private JsonNode required(String key) throws MalformedConfigurationException {
        if (!has(key)) {
            throw problem(key, "is missing");
        }
        return object.path(key);
    }

    private static boolean sameValue(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? Double.compare(one.doubleValue(), other.doubleValue()) == 0
                : one.equals(other);
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
