package org.commissure.privacy.dp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one masked update of a site cost its patients, or one noised count. (runId, round, attempt) names it.
 *
 * @param runId the run; of a count the cohort that was counted
 * @param mechanism {@link #GAUSSIAN}, {@link #DISTRIBUTED} or {@link #COUNT}
 * @param clipNorm L2 bound of one patient's gradient
 * @param noiseMultiplier σ: noise standard deviation divided by {@code clipNorm}; of the whole sum where it is distributed
 * @param samplingRate q: probability with which a patient takes part in one step
 * @param steps local steps of this update
 * @param delta δ of the study that asked
 * @param share how the noise is spread, of {@link #DISTRIBUTED} alone
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
        Instant when,
        Optional<NoiseShare> share) {
    /** The Poisson-subsampled Gaussian mechanism, add/remove neighbours. */
    public static final String GAUSSIAN = "gaussian";

    /** The same patients' integers under discrete Gaussian noise of several sites, in one sum. */
    public static final String DISTRIBUTED = "distributed-discrete-gaussian";

    /** A number of patients under discrete Laplace noise; the noise multiplier is its scale 1/ε, in patients. */
    public static final String COUNT = "discrete-laplace-count";

    /** A charge whose noise is not spread over sites. */
    public Charge(
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
        this(
                runId,
                round,
                attempt,
                mechanism,
                clipNorm,
                noiseMultiplier,
                samplingRate,
                steps,
                delta,
                when,
                Optional.empty());
    }

    /** @throws IllegalArgumentException naming the component outside its range */
    public Charge {
        require(!runId.isBlank(), "run id", "is empty");
        require(
                mechanism.equals(GAUSSIAN) || mechanism.equals(DISTRIBUTED) || mechanism.equals(COUNT),
                "mechanism",
                "is '" + mechanism + "'; supported: " + GAUSSIAN + ", " + DISTRIBUTED + ", " + COUNT);
        require(
                share.isPresent() == mechanism.equals(DISTRIBUTED),
                "share of the noise",
                share.isPresent() ? "is stated for a mechanism without one" : "is missing");
        require(clipNorm > 0 && Double.isFinite(clipNorm), "clip norm", clipNorm + " is not above 0");
        require(
                noiseMultiplier > 0 && Double.isFinite(noiseMultiplier),
                "noise multiplier",
                noiseMultiplier + " is not above 0");
        require(samplingRate > 0 && samplingRate <= 1, "sampling rate", samplingRate + " is not in (0, 1]");
        require(
                !mechanism.equals(COUNT) || (samplingRate == 1 && clipNorm == 1),
                "sampling rate and clip norm",
                "are not 1, though every patient counts, and counts once");
        require(steps >= 1, "number of steps", steps + " is not at least 1");
        require(delta > 0 && delta < 1, "delta", delta + " is not in (0, 1)");
    }

    /**
     * The charge of a number of patients that leaves with discrete Laplace noise.
     *
     * @param cohort names the cohort that was counted, so that the same count is charged once
     * @param epsilon of the count, by itself
     * @param delta at which the ledger states what all charges cost together; a count alone needs none
     */
    public static Charge ofCount(String cohort, double epsilon, double delta, Instant when) {
        return new Charge(cohort, 0, 0, COUNT, 1, 1 / epsilon, 1, 1, delta, when);
    }

    /** One of its steps, for an accountant. */
    Mechanism step() {
        if (mechanism.equals(COUNT)) {
            return new DiscreteLaplace(noiseMultiplier);
        }
        return share.map(spread -> spread.step(samplingRate, noiseMultiplier))
                .orElseGet(() -> new PoissonGaussian(samplingRate, noiseMultiplier));
    }

    /** What it costs where nothing else was ever spent. */
    public Guarantee alone() {
        return LedgerContents.compose(List.of(this), delta);
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
                when,
                other.share));
    }

    private static void require(boolean holds, String component, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("a charge's " + component + ": " + problem);
        }
    }
}
