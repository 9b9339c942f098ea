package org.commissure.protocol.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parses TOML into records. Keys are the record components in snake_case; every component must be
 * present but those of an {@code Optional} type, no other key may be. A record with a delegating
 * {@link JsonCreator} has the keys of the record that this takes. Thread-safe.
 */
public final class StrictToml {
    private static final int MOST_ZEROS = 20;
    private static final PropertyNamingStrategies.NamingBase SNAKE_CASE =
            (PropertyNamingStrategies.NamingBase) PropertyNamingStrategies.SNAKE_CASE;

    private static final Set<Class<?>> OPTIONAL =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private static final TomlMapper MAPPER = TomlMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(
                    LogicalType.Integer, config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Float, config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Boolean,
                    config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.OtherScalar, // OptionalInt and its like
                    config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .build();

    private StrictToml() {}

    /** @throws TomlException naming the key at fault and the remedy */
    public static <T> T parse(String text, Class<T> type) throws TomlException {
        try {
            return located(text, type);
        } catch (TomlException e) {
            throw e.line() > 0 || e.key().isEmpty()
                    ? e
                    : new TomlException(e.key(), e.problem(), KeyLines.of(text, e.key()));
        }
    }

    private static <T> T located(String text, Class<T> type) throws TomlException {
        try {
            JsonNode tree = MAPPER.readTree(text);
            checkKeys(tree, type, "");
            return Objects.requireNonNull(MAPPER.treeToValue(tree, type));
        } catch (InvalidFormatException e) {
            throw new TomlException(
                    path(e),
                    "has the value '" + e.getValue() + "', which is not a valid "
                            + e.getTargetType().getSimpleName().toLowerCase(Locale.ROOT));
        } catch (MismatchedInputException e) {
            throw new TomlException(path(e), "is missing or of the wrong type: " + firstLine(e));
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause; // a record's own check, which says more than a wrapper would
            }
            throw new TomlException(path(e), firstLine(e));
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new TomlException(
                    "", "not valid TOML at line " + (line == 0 ? "?" : line) + ": " + firstLine(e), Math.max(0, line));
        }
    }

    /** The TOML that {@link #parse} reads {@code value} from; empty optionals are left out. */
    public static byte[] write(Object value) throws JsonProcessingException {
        return MAPPER.writeValueAsBytes(value);
    }

    /** The text under {@code [table] key}, or empty where there is none or the text is not TOML. */
    public static Optional<String> text(String toml, String table, String key) {
        try {
            JsonNode value = MAPPER.readTree(toml).path(table).path(key);
            return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /**
     * Every value of a TOML text under its dotted key, in the text's order; lists as one value.
     *
     * @throws TomlException if the text is not TOML
     */
    public static Map<String, String> flat(String toml) throws TomlException {
        try {
            Map<String, String> values = new LinkedHashMap<>();
            flatten("", MAPPER.readTree(toml), values);
            return values;
        } catch (JacksonException e) {
            throw new TomlException("", "not valid TOML: " + firstLine(e));
        }
    }

    private static void flatten(String key, JsonNode value, Map<String, String> into) {
        if (value.isObject()) {
            value.properties()
                    .forEach(each ->
                            flatten(key.isEmpty() ? each.getKey() : key + "." + each.getKey(), each.getValue(), into));
        } else {
            into.put(key, value.isTextual() ? value.textValue() : plain(value));
        }
    }

    /** A thousand as people write it, and not 1E+3; a number that would be longer than a line stays as it is. */
    private static String plain(JsonNode value) {
        if (!value.isBigDecimal()) {
            return value.toString();
        }
        BigDecimal number = value.decimalValue();
        return number.scale() < 0 && number.scale() > -MOST_ZEROS ? number.toPlainString() : value.toString();
    }

    /** The line, from 1, on which {@code toml} states a dotted key, or the table that lacks it; 0 where neither is found. */
    public static int lineOf(String toml, String key) {
        return KeyLines.of(toml, key);
    }

    /** Unknown keys first: a misspelt key is also a missing one, and its own name says more. */
    private static void checkKeys(JsonNode table, Class<?> type, String prefix) throws TomlException {
        Map<String, Class<?>> known = new LinkedHashMap<>();
        Set<String> optional = new HashSet<>();
        for (RecordComponent component : table(type).getRecordComponents()) {
            String key = SNAKE_CASE.translate(component.getName());
            known.put(key, content(component));
            if (OPTIONAL.contains(component.getType())) {
                optional.add(key);
            }
        }
        for (String key : (Iterable<String>) table::fieldNames) {
            if (!known.containsKey(key)) {
                String nearest = Collections.min(known.keySet(), Comparator.comparingInt(each -> distance(each, key)));
                throw new TomlException(prefix + key, "is not a known key; did you mean '" + nearest + "'?");
            }
        }
        for (Map.Entry<String, Class<?>> entry : known.entrySet()) {
            JsonNode value = table.get(entry.getKey());
            if (value == null && optional.contains(entry.getKey())) {
                continue;
            }
            if (value == null) {
                throw new TomlException(prefix + entry.getKey(), "is missing");
            }
            if (entry.getValue().isRecord()) {
                if (!value.isObject()) {
                    throw new TomlException(
                            prefix + entry.getKey(), "must be a table, [" + prefix + entry.getKey() + "]");
                }
                checkKeys(value, entry.getValue(), prefix + entry.getKey() + ".");
            }
        }
    }

    /** The component's type; of an {@code Optional} what it may hold. */
    private static Class<?> content(RecordComponent component) {
        boolean mayHold = component.getType() == Optional.class
                && component.getGenericType() instanceof ParameterizedType holder
                && holder.getActualTypeArguments()[0] instanceof Class<?>;
        return mayHold
                ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                : component.getType();
    }

    /** The record whose components are the keys of {@code type}. */
    private static Class<?> table(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            JsonCreator creator = method.getAnnotation(JsonCreator.class);
            if (creator != null && creator.mode() == JsonCreator.Mode.DELEGATING) {
                return method.getParameterTypes()[0];
            }
        }
        return type;
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference ->
                        reference.getFieldName() == null ? "[" + reference.getIndex() + "]" : reference.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("");
    }

    /** Levenshtein distance, by rows. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
