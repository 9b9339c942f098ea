package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * How the coordinator steps along the averaged update, which it takes for a gradient (Reddi et al. 2021, algorithm 2).
 * Needs nothing of a site but the secure sum that plain averaging needs, and after noise it is post-processing: neither
 * what leaves nor the privacy spent depends on it.
 *
 * @param momentum β₁, share of the earlier steps' direction; {@link #MOMENTUM} where absent
 * @param secondMoment β₂, share of the earlier squares; {@link #SECOND_MOMENT} where absent
 * @param adaptivity τ, added to the root of the squares: the smaller, the more equal the steps of all parameters;
 *     {@link #ADAPTIVITY} where absent
 */
public record ServerOptimiser(
        Rule rule, OptionalDouble momentum, OptionalDouble secondMoment, OptionalDouble adaptivity) {

    public static final double MOMENTUM = 0.9;
    public static final double SECOND_MOMENT = 0.99;
    public static final double ADAPTIVITY = 1e-3;

    /** What is remembered from round to round. */
    public enum Rule {
        /** The direction (FedAvgM, Hsu et al. 2019). */
        @JsonProperty("momentum")
        MOMENTUM,

        /** Direction and squares, these averaged (FedAdam). */
        @JsonProperty("adam")
        ADAM,

        /** Direction and squares, these moved by no more than the newest (FedYogi). */
        @JsonProperty("yogi")
        YOGI
    }

    public ServerOptimiser {
        Checks.present("rounds.server_optimiser.rule", rule);
        Checks.range("rounds.server_optimiser.momentum", momentum.orElse(0), 0, 0.9999);
        Checks.range("rounds.server_optimiser.second_moment", secondMoment.orElse(0), 0, 0.999999);
        Checks.range("rounds.server_optimiser.adaptivity", adaptivity.orElse(1), 1e-12, 1e3);
        if (rule == Rule.MOMENTUM && (secondMoment.isPresent() || adaptivity.isPresent())) {
            throw new StudyException(
                    "rounds.server_optimiser.rule", "is \"momentum\", which has no second_moment and no adaptivity");
        }
    }
}
