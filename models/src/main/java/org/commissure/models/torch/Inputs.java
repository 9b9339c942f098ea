package org.commissure.models.torch;

import org.commissure.models.brainlm.Checks;
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
        Checks.length(which + "window", example.window(), configuration.windowLength());
        Checks.finite(which + "window", example.window());
        RepetitionTime.check(configuration, example.repetitionTimeSeconds());
    }
}
