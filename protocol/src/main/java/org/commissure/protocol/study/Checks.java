package org.commissure.protocol.study;

import org.jspecify.annotations.Nullable;

/** What every section checks; each problem is a {@link StudyException} that names the key. */
final class Checks {
    private Checks() {}

    static void text(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new StudyException(key, "is missing or empty");
        }
    }

    static void present(String key, @Nullable Object value) {
        if (value == null) {
            throw new StudyException(key, "is missing");
        }
    }

    static void range(String key, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            throw new StudyException(key, "is " + value + ", but must lie between " + minimum + " and " + maximum);
        }
    }

    /** @param value 64 hexadecimal digits */
    static void sha256(String key, @Nullable String value) {
        text(key, value);
        if (!String.valueOf(value).matches("[0-9a-fA-F]{64}")) {
            throw new StudyException(key, "must be the 64 hexadecimal digits of a SHA-256");
        }
    }

    static void openUnit(String key, double value) {
        if (!(value > 0 && value < 1)) {
            throw new StudyException(key, "is " + value + ", but must lie strictly between 0 and 1");
        }
    }
}
