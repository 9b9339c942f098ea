package org.commissure.privacy.dp;

import java.time.Instant;

/**
 * What one masked update of a site cost its patients. (runId, round, attempt) names it.
 *
 * @param mechanism {@link #GAUSSIAN}
 * @param clipNorm L2 bound of one patient's gradient
 * @param noiseMultiplier σ: noise standard deviation divided by {@code clipNorm}
 * @param samplingRate q: probability with which a patient takes part in one step
 * @param steps local steps of this update
 * @param delta δ of the study that asked
 */
public record Charge(
        String runId,
        int round,
        int attempt,
        String mechanism,
        double clipNorm,
        double noiseMultiplier,
        double samplingRate,
        long steps,
        double delta,
        Instant when) {
    /** The Poisson-subsampled Gaussian mechanism, add/remove neighbours. */
    public static final String GAUSSIAN = "gaussian";

    /** @throws IllegalArgumentException naming the component outside its range */
    public Charge {
        require(!runId.isBlank(), "run id", "is empty");
        require(mechanism.equals(GAUSSIAN), "mechanism", "is '" + mechanism + "'; supported: " + GAUSSIAN);
        require(clipNorm > 0 && Double.isFinite(clipNorm), "clip norm", clipNorm + " is not above 0");
        require(
                noiseMultiplier > 0 && Double.isFinite(noiseMultiplier),
                "noise multiplier",
                noiseMultiplier + " is not above 0");
        require(samplingRate > 0 && samplingRate <= 1, "sampling rate", samplingRate + " is not in (0, 1]");
        require(steps >= 1, "number of steps", steps + " is not at least 1");
        require(delta > 0 && delta < 1, "delta", delta + " is not in (0, 1)");
    }

    boolean isSameUpdate(Charge other) {
        return runId.equals(other.runId) && round == other.round && attempt == other.attempt;
    }

    /** Whether everything but the time is the same. */
    boolean costsTheSame(Charge other) {
        return equals(new Charge(
                other.runId,
                other.round,
                other.attempt,
                other.mechanism,
                other.clipNorm,
                other.noiseMultiplier,
                other.samplingRate,
                other.steps,
                other.delta,
                when));
    }

    private static void require(boolean holds, String component, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("a charge's " + component + ": " + problem);
        }
    }
}
