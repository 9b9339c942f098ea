package org.commissure.models.torch;

import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.RepetitionTime;

/** Refuses what a model cannot compute; every message names what is wrong with which array. */
final class Inputs {
    private Inputs() {}

    /** @param which prefix of messages, for example {@code "example 3: "} */
    static void check(Example example, String which, ModelConfiguration configuration) {
        scan(example, which, configuration);
        Mask mask = example.mask();
        if (mask.tokens() != configuration.tokens()) {
            throw new IllegalArgumentException(which + "the mask covers " + mask.tokens()
                    + " tokens, but the model's windows have " + configuration.tokens());
        }
        if (mask.maskedCount() == 0) {
            throw new IllegalArgumentException(which + "the mask names no token to predict");
        }
    }

    /** All but the mask. */
    static void scan(Example example, String which, ModelConfiguration configuration) {
        length(which + "window", example.window(), configuration.windowLength());
        finite(which + "window", example.window());
        RepetitionTime.check(configuration, example.repetitionTimeSeconds());
    }

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
