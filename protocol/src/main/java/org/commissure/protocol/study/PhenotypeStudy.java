package org.commissure.protocol.study;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.commissure.protocol.config.OpeningHours;

/**
 * The sections of a study of kind {@link StudyFile#PHENOTYPE}: those that every study has, and {@code
 * [phenotype.*]} instead of {@code [training]}, {@code [model]} and {@code [evaluation]}.
 */
record PhenotypeStudy(
        Study.Description study,
        Rounds rounds,
        Study.Quorum quorum,
        Study.Deadlines deadlines,
        Privacy privacy,
        PhenotypePlan phenotype,
        Optional<OpeningHours> hours) {

    /** @param maximumAttempts how often a sum is tried again */
    record Rounds(int maximumAttempts) {}

    /** Nothing is clipped or noised, so nothing else is asked. */
    record Privacy(Study.PrivacyMode mode) {
        Privacy {
            Checks.present("privacy.mode", mode);
            if (mode != Study.PrivacyMode.NONE) {
                throw new StudyException(
                        "privacy.mode",
                        "must be \"none\" in a study of kind \"phenotype\": its sums are exact and carry no noise; its"
                                + " protection is that only sums over at least quorum.minimum_sites sites are opened");
            }
        }
    }

    Study toStudy() {
        return new Study(
                study,
                new Study.Rounds(phenotype.course().size(), this.rounds.maximumAttempts(), 1),
                quorum,
                deadlines,
                Study.SecureAggregation.EXACT_SUMS,
                // Numbers that mode "none" never uses, within the ranges that every study's must keep.
                new Study.Privacy(
                        privacy.mode(),
                        1,
                        0,
                        1,
                        1e-5,
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()),
                null,
                null,
                null,
                Optional.empty(),
                Optional.of(phenotype),
                Optional.empty(),
                hours);
    }
}
