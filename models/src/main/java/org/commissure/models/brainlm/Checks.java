package org.commissure.models.brainlm;

/** Refusals that every engine words alike. */
final class Checks {
    private Checks() {}

    static void length(String name, float[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(
                    name + " has " + values.length + " values, but the model needs " + expected);
        }
    }

    static void finite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + " has a value that is NaN or infinite");
            }
        }
    }
}
