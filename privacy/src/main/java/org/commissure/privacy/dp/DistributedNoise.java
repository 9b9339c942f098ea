package org.commissure.privacy.dp;

import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.protocol.study.Study;

/**
 * Mode {@code distributed} in whole numbers: how a clipped gradient becomes integers, and which noise every site adds
 * to the sum of them. Immutable.
 *
 * <p>One sampled patient gives U·g/C, each coordinate rounded to a neighbouring integer, and, where the clip norm adapts,
 * ±K for "was not clipped". In units of the grid one patient moves the sum by at most Δ = √((U + √d)² + K²) in L2 norm.
 * Each site adds discrete Gaussian noise of σ_site = 2^s to every coordinate, so that the noise of h = t − c honest
 * survivors alone has σ_site·√h ≥ σ·Δ. Everybody computes U, K and s from the study and the roster; the largest s for
 * which no possible sum leaves the ring is taken, because √d then weighs least.
 *
 * <p>U does not depend on C: with another clip norm the integers are the same mechanism, and {@link #unit} tells what
 * one of them is worth.
 *
 * @param noiseMultiplier σ: what gradient and count together cost
 * @param logSigma s
 * @param honestSites h, sites whose noise is counted on
 * @param parameters d
 * @param unitsPerClip U = C·S, grid units in one clip norm
 * @param unitsPerVote K; 0 without adaptive clipping
 * @param countMultiplier noise of the count in patients; empty without adaptive clipping
 * @param maximumPatients W: so many patients of a site, each at its bound, fit the ring
 */
public record DistributedNoise(
        double noiseMultiplier,
        int logSigma,
        int honestSites,
        long parameters,
        long unitsPerClip,
        long unitsPerVote,
        OptionalDouble countMultiplier,
        int maximumPatients) {
    /**
     * The sum of several discrete Gaussians is, for s ≥ 3, nearer than 10⁻²⁷⁰ to one, in max divergence per coordinate
     * ({@link SummedDiscreteGaussian#closeness}): the accounting then does not depend on the roster.
     */
    private static final int SMALLEST_LOG_SIGMA = 3;

    /** Noise beyond this many σ_site has probability below 10⁻⁵⁵; it would wrap around, which costs no privacy. */
    private static final int TAIL_SIGMAS = 16;

    /**
     * @param parameterCount d
     * @param sites n of the roster
     * @param threshold t survivors without whom nothing is opened
     * @param colluders c
     * @throws IllegalArgumentException if the ring is too narrow, or no survivor would be honest
     */
    public static DistributedNoise of(Study study, long parameterCount, int sites, int threshold, int colluders) {
        Study.Privacy privacy = study.privacy();
        int honest = threshold - colluders;
        if (honest < 1) {
            throw new IllegalArgumentException("with a threshold of " + threshold + " and " + colluders
                    + " colluding sites no site's noise can be counted on");
        }
        int patients = study.secureAggregation().maximumWeight();
        // A site adds up in ints, also where the ring is wider.
        int bits = Math.min(study.secureAggregation().ringBits(), Integer.SIZE);
        double room = Math.scalb(1.0, bits - 1) / sites - 2;
        for (int s = DiscreteGaussianNoise.MAXIMUM_LOG_SIGMA; s >= SMALLEST_LOG_SIGMA; s--) {
            double total = Math.scalb(Math.sqrt(honest), s);
            double sensitivity = total / privacy.noiseMultiplier();
            double vote = privacy.adaptiveClipping()
                    ? Math.floor(total / privacy.countNoiseMultiplier().orElseThrow())
                    : 0;
            double gradient = Math.sqrt((sensitivity - vote) * (sensitivity + vote));
            double units = Math.floor(gradient - Math.sqrt(parameterCount));
            boolean coarse = units < Math.sqrt(parameterCount) || (privacy.adaptiveClipping() && vote < 1);
            if (coarse) {
                break; // a smaller s is coarser still
            }
            if (patients * Math.max(units, vote) + Math.scalb(TAIL_SIGMAS, s) < room) {
                return new DistributedNoise(
                        privacy.noiseMultiplier(),
                        s,
                        honest,
                        parameterCount,
                        (long) units,
                        (long) vote,
                        privacy.countNoiseMultiplier(),
                        patients);
            }
        }
        throw new IllegalArgumentException(
                "the ring of " + study.secureAggregation().ringBits()
                        + " bits has no room for the gradients of " + patients + " patients at each of " + sites
                        + " sites with this noise; raise secure_aggregation.ring_bits or lower maximum_weight");
    }

    /** For the smallest roster that the study allows; what a step costs is the same for every roster. */
    static DistributedNoise ofSmallestRoster(Study study, long parameterCount) {
        int colluders = study.quorum().maximumColluders();
        int sites = Math.max(study.quorum().minimumSites(), colluders + 2);
        while (2 * Study.threshold(sites) <= sites + colluders) {
            sites++; // ends: 2t grows by a third of n more than n
        }
        return of(study, parameterCount, sites, Study.threshold(sites), colluders);
    }

    /** Ring elements of a TRAIN vector: the gradient, and the count where there is one. */
    public long dimension() {
        return parameters + (unitsPerVote > 0 ? 1 : 0);
    }

    /** σ_site = 2^s, in grid units. */
    public double siteSigma() {
        return Math.scalb(1.0, logSigma);
    }

    /** No coordinate of a site's noised vector is larger, in grid units, but with probability below 10⁻⁵⁵. */
    public double valueBound() {
        return (double) maximumPatients * Math.max(unitsPerClip, unitsPerVote) + TAIL_SIGMAS * siteSigma();
    }

    /** What one grid unit is worth in the unit of the gradient. */
    public double unit(double clipNorm) {
        return clipNorm / unitsPerClip;
    }

    /** How the ledger and the log tell it. */
    public NoiseShare share() {
        return new NoiseShare(siteSigma(), honestSites, dimension(), countMultiplier);
    }

    /** The adaptive clip norm of a study at {@code clipNorm}; empty where it stays. */
    public static Optional<AdaptiveClipping> clipping(Study.Privacy privacy, double clipNorm) {
        return privacy.adaptiveClipping()
                ? Optional.of(new AdaptiveClipping(
                        clipNorm,
                        privacy.clipQuantile().orElseThrow(),
                        privacy.clipLearningRate().orElseThrow()))
                : Optional.empty();
    }
}
