package org.commissure.privacy.dp;

import java.security.SecureRandom;
import java.util.Optional;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.protocol.v1.LogEntry;

/**
 * A number of patients with discrete Laplace noise, as a site states it: who reads it learns of no single patient more
 * than ε allows. Asking again is no use where one draw is kept.
 *
 * @param noised the number with its noise; it can lie below 0
 * @param epsilon of the noise
 */
public record NoisedCount(long noised, double epsilon) {
    private static final String PATIENTS = "patients_noised";
    private static final String EPSILON = "patients_epsilon";

    /** The share of draws whose noise lies within {@link #margin}. */
    private static final double COVERAGE = 0.95;

    /** @throws IllegalArgumentException if {@code epsilon} is not above 0 */
    public NoisedCount {
        MechanismChecks.positive("epsilon of a count", epsilon);
    }

    /** Draws the noise of {@code patients}. @param epsilon see {@link DiscreteLaplaceNoise#onGrid} */
    public static NoisedCount draw(long patients, double epsilon, SecureRandom random) {
        return new NoisedCount(patients + new DiscreteLaplaceNoise(random, epsilon).sample(), epsilon);
    }

    /** The smallest m such that the noise is within ±m in 95 of 100 draws. */
    public long margin() {
        // P(|noise| > m) = 2·e^(−ε(m+1))/(1 + e^−ε)
        double tail = (1 - COVERAGE) * (1 + Math.exp(-epsilon)) / 2;
        return Math.max(0, (long) Math.ceil(-Math.log(tail) / epsilon - 1));
    }

    /** The number that it stands for: no cohort has fewer than 0 patients. */
    public long estimate() {
        return Math.max(0, noised);
    }

    /** For a reader: "about 120 ± 6". */
    public String words() {
        return "about " + estimate() + " ± " + margin();
    }

    /** States it as facts of {@code entry}. */
    public LogEntries state(LogEntries entry) {
        return entry.fact(PATIENTS, noised).fact(EPSILON, epsilon);
    }

    /** What an entry states; empty if it states none that can be read. */
    public static Optional<NoisedCount> stated(LogEntry entry) {
        try {
            return Facts.text(entry, PATIENTS)
                    .map(Long::valueOf)
                    .flatMap(noised -> Facts.number(entry, EPSILON)
                            .filter(epsilon -> epsilon > 0)
                            .map(epsilon -> new NoisedCount(noised, epsilon)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
