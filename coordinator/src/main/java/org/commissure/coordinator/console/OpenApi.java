package org.commissure.coordinator.console;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.jspecify.annotations.Nullable;

/** The OpenAPI 3.1 document of a list of endpoints; the schemas are read from the records that are answered. */
final class OpenApi {
    private final Map<String, Object> schemas = new TreeMap<>();

    private OpenApi() {}

    static Map<String, Object> of(Collection<Endpoint> endpoints) {
        return new OpenApi().document(endpoints);
    }

    private Map<String, Object> document(Collection<Endpoint> endpoints) {
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            paths.computeIfAbsent(endpoint.path(), path -> new TreeMap<>())
                    .put(endpoint.method().name().toLowerCase(Locale.ROOT), operation(endpoint));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Commissure coordinator console",
                        "version",
                        "1",
                        "description",
                        "Research use, not for clinical decisions."));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        Map.of("session", Map.of("type", "apiKey", "in", "cookie", "name", Gate.COOKIE))));
        return document;
    }

    private Map<String, Object> operation(Endpoint endpoint) {
        List<Object> parameters = new ArrayList<>();
        for (String name : endpoint.parameters()) {
            parameters.add(Map.of("name", name, "in", "path", "required", true, "schema", Map.of("type", "string")));
        }
        if (endpoint.answers().form() == Endpoint.Form.PAGE) {
            parameters.add(number("offset", 0, Integer.MAX_VALUE));
            parameters.add(number("limit", 1, Gate.MAXIMUM_LIMIT));
        }
        if (endpoint.method() == Endpoint.Method.POST && endpoint.right().isPresent()) {
            parameters.add(Map.of(
                    "name", Gate.CSRF_HEADER, "in", "header", "required", true, "schema", Map.of("type", "string")));
        }
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("summary", endpoint.summary());
        operation.put("parameters", parameters);
        operation.put("security", endpoint.right().isPresent() ? List.of(Map.of("session", List.of())) : List.of());
        operation.put("x-roles", roles(endpoint.right()));
        operation.put(
                "responses",
                Map.of(
                        "200",
                        Map.of("description", "answered", "content", content(endpoint.answers())),
                        "default",
                        Map.of(
                                "description",
                                "not answered, and why",
                                "content",
                                Map.of("application/json", Map.of("schema", schema(Problem.Body.class))))));
        return operation;
    }

    private static Map<String, Object> number(String name, int least, int most) {
        return Map.of(
                "name", name, "in", "query", "schema", Map.of("type", "integer", "minimum", least, "maximum", most));
    }

    private static List<String> roles(Optional<ConsoleRole.Right> right) {
        return right.map(needed -> Arrays.stream(ConsoleRole.values())
                        .filter(role -> role.may(needed))
                        .map(ConsoleRole::word)
                        .toList())
                .orElse(List.of());
    }

    private Map<String, Object> content(Endpoint.Answers answers) {
        return switch (answers.form()) {
            case JSON -> Map.of("application/json", Map.of("schema", schema(answers.type())));
            case PAGE ->
                Map.of(
                        "application/json",
                        Map.of(
                                "schema",
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of(
                                                "total",
                                                Map.of("type", "integer"),
                                                "offset",
                                                Map.of("type", "integer"),
                                                "items",
                                                Map.of("type", "array", "items", schema(answers.type()))))));
            case FILE -> Map.of("application/octet-stream", Map.of());
            case EVENTS -> Map.of("text/event-stream", Map.of("schema", schema(answers.type())));
        };
    }

    private Map<String, Object> schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            return Collection.class.isAssignableFrom(raw)
                    ? Map.of("type", "array", "items", schema(generic.getActualTypeArguments()[0]))
                    : Map.of("type", "object", "additionalProperties", schema(generic.getActualTypeArguments()[1]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return Map.of("type", "string");
        }
        if (plain == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (plain == double.class || plain == Double.class || plain == float.class) {
            return Map.of("type", "number");
        }
        if (plain == int.class || plain == Integer.class || plain == long.class || plain == Long.class) {
            return Map.of("type", "integer");
        }
        if (plain.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(plain.getEnumConstants())
                            .map(Object::toString)
                            .toList());
        }
        return plain.isRecord() ? named(plain) : Map.of();
    }

    private Map<String, Object> named(Class<?> record) {
        String name =
                record.getName().substring(record.getPackageName().length() + 1).replace('$', '.');
        if (!schemas.containsKey(name)) {
            schemas.put(name, Map.of()); // a record may hold itself
            Map<String, Object> properties = new LinkedHashMap<>();
            List<String> required = new ArrayList<>();
            for (RecordComponent component : record.getRecordComponents()) {
                properties.put(component.getName(), schema(component.getGenericType()));
                if (!isNullable(component.getAnnotatedType())) {
                    required.add(component.getName());
                }
            }
            schemas.put(name, Map.of("type", "object", "properties", properties, "required", required));
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }
}
