package org.commissure.models.brainlm;

/** Refusals that every engine words alike. */
public final class Checks {
    private Checks() {}

    /** @throws IllegalArgumentException if {@code name}'s array has another length */
    public static void length(String name, float[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(
                    name + " has " + values.length + " values, but the model needs " + expected);
        }
    }

    /** @throws IllegalArgumentException if a value of {@code name}'s array is NaN or infinite */
    public static void finite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + " has a value that is NaN or infinite");
            }
        }
    }
}
