package org.commissure.coordinator.console.oidc;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an ID token says, and, where that is silent, the provider's UserInfo. */
record Claims(Map<String, Object> token, Map<String, Object> userInfo) {
    private static final String EMAIL = "email";

    /** Whether UserInfo need not be asked. */
    static boolean suffice(Map<String, Object> token, Optional<String> roleClaim) {
        return token.containsKey(EMAIL)
                && roleClaim.map(claim -> find(token, claim) != null).orElse(true);
    }

    VerifiedPerson person(String issuer, String subject, Optional<String> roleClaim) {
        Map<String, Object> speaking = token.containsKey(EMAIL) ? token : userInfo;
        // Some providers write the boolean as a string.
        boolean verified = "true".equals(String.valueOf(speaking.get("email_verified")));
        Optional<String> email = text(speaking.get(EMAIL)).filter(address -> verified);
        String name = email.or(() -> text(value("preferred_username"))).orElse(subject);
        return new VerifiedPerson(
                issuer,
                subject,
                email,
                name,
                roleClaim.map(claim -> texts(value(claim))).orElse(List.of()));
    }

    private @Nullable Object value(String claim) {
        @Nullable Object said = find(token, claim);
        return said == null ? find(userInfo, claim) : said;
    }

    /** A claim of that whole name, else the one that a dotted path leads to. */
    private static @Nullable Object find(Map<?, ?> claims, String name) {
        @Nullable Object value = claims.get(name);
        int dot = name.indexOf('.');
        return value == null && dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> below
                ? find(below, name.substring(dot + 1))
                : value;
    }

    private static Optional<String> text(@Nullable Object value) {
        return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** One string, or a list of them. */
    private static List<String> texts(@Nullable Object value) {
        Stream<?> values = value instanceof List<?> list ? list.stream() : Stream.ofNullable(value);
        return values.filter(Objects::nonNull)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }
}
