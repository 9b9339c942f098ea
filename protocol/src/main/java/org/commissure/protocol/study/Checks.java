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

    static void openUnit(String key, double value) {
        if (!(value > 0 && value < 1)) {
            throw new StudyException(key, "is " + value + ", but must lie strictly between 0 and 1");
        }
    }
}
