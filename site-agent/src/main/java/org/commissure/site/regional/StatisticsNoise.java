package org.commissure.site.regional;

import org.commissure.models.meanfield.federated.GroupMap;
import org.commissure.models.meanfield.federated.GroupStatistics;
import org.commissure.models.meanfield.federated.GroupStructure;
import org.commissure.privacy.dp.GaussianNoise;

/**
 * The Gaussian mechanism on one part's sums, one release for each of the three: a patient changes n by
 * 1, Σz by at most C in L2 norm, and the histogram by at most √2 (two shares that differ; adding or
 * removing one alone changes it by at most 1). Each gets noise of standard deviation z times that.
 *
 * <p>Training and validation part hold different patients, so noising both costs a patient no more than
 * noising one.
 */
public final class StatisticsNoise {
    /** Δ₂ of Σhistogram. */
    static final double HISTOGRAM_SENSITIVITY = Math.sqrt(2);

    /** Δ₂ of (n, Σmap). */
    static final double MAP_SENSITIVITY = 2;

    private final GaussianNoise noise;
    private final double clipNorm;
    private final double multiplier;

    /**
     * @param clipNorm C: Δ₂ of Σz
     * @param multiplier z
     */
    StatisticsNoise(GaussianNoise noise, double clipNorm, double multiplier) {
        this.noise = noise;
        this.clipNorm = clipNorm;
        this.multiplier = multiplier;
    }

    /** Of the noise on one entry of one site's ΣSC. */
    static double structureDeviation(double clipNorm, double multiplier) {
        return multiplier * clipNorm * Math.sqrt(2);
    }

    /**
     * One release of the vector (C·n, ΣSC): a patient adds (C, a connectome of norm up to C), so comes,
     * goes or changes it by at most C·√2. Who has which edge is not released.
     *
     * @param bound C of the connectomes
     */
    GroupStructure on(GroupStructure sums, double bound) {
        double[] n = {sums.subjects()};
        double[] strengths = sums.strengths().clone();
        add(n, Math.sqrt(2));
        add(strengths, bound * Math.sqrt(2));
        return new GroupStructure(n[0], strengths, new double[strengths.length]);
    }

    /**
     * One release of the vector (n, Σmap): a patient adds (1, a map of norm 1) and, changing its map for the opposite,
     * moves it by at most 2.
     */
    GroupMap on(GroupMap sums) {
        double[] n = {sums.subjects()};
        double[] sum = sums.sum().clone();
        add(n, MAP_SENSITIVITY);
        add(sum, MAP_SENSITIVITY);
        return new GroupMap(n[0], sum);
    }

    GroupStatistics on(GroupStatistics sums) {
        double[] n = {sums.subjects()};
        double[] connectivity = sums.connectivity().clone();
        double[] dynamics = sums.dynamics().clone();
        add(n, 1);
        add(connectivity, clipNorm);
        add(dynamics, HISTOGRAM_SENSITIVITY);
        return new GroupStatistics(n[0], connectivity, dynamics);
    }

    private void add(double[] values, double sensitivity) {
        float[] samples = new float[values.length];
        noise.addTo(samples, multiplier * sensitivity);
        for (int i = 0; i < values.length; i++) {
            values[i] += samples[i];
        }
    }
}
