package org.commissure.privacy.support;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a text what must not leave: what this machine knows to be secret, word for word, and what looks like it.
 * It rather takes too much. Immutable, thread-safe.
 */
public final class Redaction {
    /** A shorter word would be taken out of the middle of innocent ones. */
    private static final int SHORTEST_SECRET = 4;

    private static final List<Rule> RULES = List.of(
            new Rule("(?s)-----BEGIN [A-Z0-9 ]+-----.*?(-----END [A-Z0-9 ]+-----|\\z)", "[pem]"),
            // A name that says so, and its value: password=…, "token": "…", Authorization: Bearer …
            new Rule(
                    "(?i)([\\w.-]*(?:passw|passphrase|secret|token|credential|authorization|cookie|api.?key|\\bpin\\b)"
                            + "[\\w.-]*\"?\\s*[:=]\\s*)(\"[^\"]*\"|(?:bearer|basic)\\s+\\S+|\\S+)",
                    "$1[secret]"),
            new Rule("(?i)\\b(bearer|basic)\\s+[\\w+/=.~-]{8,}", "$1 [secret]"),
            new Rule("(?i)\\b([a-z][a-z0-9+.-]*://)[^/\\s@]+@", "$1[secret]@"),
            new Rule("\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+", "[token]"),
            new Rule("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+", "[address]"),
            new Rule("\\bsub-[A-Za-z0-9]+", "[participant]"),
            new Rule("\\b[0-9a-fA-F]{32,}\\b", "[hex]"),
            new Rule(
                    "(?<![\\w+/=-])(?=[\\w+/-]*[0-9])(?=[\\w+/-]*[A-Z])(?=[\\w+/-]*[a-z])[\\w+/-]{24,}={0,2}",
                    "[base64]"));

    private final List<String> secrets;

    private record Rule(Pattern pattern, String replacement) {
        Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }
    }

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    /**
     * Of what this process knows.
     *
     * @param secrets passwords, patients' ids, paths: taken out wherever they stand
     * @param environment whose variables with a secret's name are secret, too
     */
    public static Redaction of(Collection<String> secrets, Map<String, String> environment) {
        Set<String> all = new LinkedHashSet<>();
        secrets.forEach(secret -> all.add(secret.strip()));
        environment.forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (List.of("PASS", "SECRET", "TOKEN", "CREDENTIAL").stream().anyMatch(upper::contains)) {
                all.add(value.strip());
            }
        });
        return new Redaction(all.stream()
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .sorted(Comparator.comparingInt(String::length).reversed()) // an id that begins with another
                .toList());
    }

    /** The text without them. */
    public String apply(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "[removed]");
        }
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(clean);
            clean = matcher.replaceAll(rule.replacement());
        }
        return clean;
    }
}
