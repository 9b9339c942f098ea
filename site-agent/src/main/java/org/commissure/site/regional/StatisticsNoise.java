package org.commissure.site.regional;

import org.commissure.models.meanfield.federated.GroupStatistics;
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
    /** Gaussian releases that one patient's data are in: n, Σz, Σhistogram. */
    public static final int RELEASES = 3;

    /** Δ₂ of Σhistogram. */
    static final double HISTOGRAM_SENSITIVITY = Math.sqrt(2);

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
