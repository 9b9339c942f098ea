package org.commissure.models.brainlm;

import java.util.OptionalDouble;

/** A scan's repetition time as {@code commissure} models may see it. */
public final class RepetitionTime {
    /** Where the feature is 0: a common protocol, so that models of such scans start as if they did not embed it. */
    private static final double REFERENCE_SECONDS = 2;

    private RepetitionTime() {}

    /** Whether a model can use examples only if they state their repetition time. */
    public static boolean isNeeded(ModelConfiguration configuration) {
        return configuration instanceof BrainLmConfiguration c && c.repetitionTimeEmbedding();
    }

    /** @throws IllegalArgumentException if the model needs it and it is absent, or not a positive number of seconds */
    public static void check(ModelConfiguration configuration, OptionalDouble seconds) {
        if (!isNeeded(configuration)) {
            return;
        }
        double value = seconds.orElseThrow(() -> new IllegalArgumentException(
                "the model embeds the repetition time, but this window's scan does not state it"));
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a repetition time of " + value + " s cannot be embedded");
        }
    }

    /** {@code log(TR / 2 s)}: protocols differ by ratios. {@code seconds} were checked. */
    public static float feature(OptionalDouble seconds) {
        return (float) Math.log(seconds.orElseThrow() / REFERENCE_SECONDS);
    }
}
