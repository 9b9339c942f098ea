package org.commissure.protocol.study;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.commissure.protocol.config.OpeningHours;

/**
 * The sections of a study of kind {@link StudyFile#REGIONAL}: those that every study has, and {@code
 * [regional.*]} instead of {@code [training]}, {@code [model]} and {@code [evaluation]}.
 *
 */
record RegionalStudy(
        Study.Description study,
        Rounds rounds,
        Study.Quorum quorum,
        Study.Deadlines deadlines,
        Privacy privacy,
        RegionalPlan regional,
        Optional<OpeningHours> hours) {

    /** @param maximumAttempts how often a sum is tried again */
    record Rounds(int maximumAttempts) {}

    /**
     * @param clipNorm C: L2 bound of one patient's centred Fisher z
     * @param noiseMultiplier noise standard deviation divided by the sensitivity of each statistic
     */
    record Privacy(Study.PrivacyMode mode, double clipNorm, double noiseMultiplier, double delta) {}

    Study toStudy() {
        int rounds = RegionalPlan.FIT_ROUND + regional.refinement().rounds();
        return new Study(
                study,
                new Study.Rounds(rounds, this.rounds.maximumAttempts(), 1),
                quorum,
                deadlines,
                Study.SecureAggregation.EXACT_SUMS,
                new Study.Privacy(
                        privacy.mode(),
                        privacy.clipNorm(),
                        privacy.noiseMultiplier(),
                        1,
                        privacy.delta(),
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()),
                null,
                null,
                null,
                Optional.of(regional),
                Optional.empty(),
                Optional.empty(),
                hours);
    }
}
