package org.commissure.site.cohort;

import java.util.Random;

/**
 * One made-up scan: first-order autoregressive network activity, spread over the parcels by the
 * brain's loadings, plus each parcel's own activity and the scanner's noise.
 *
 * <p>y[p,t] = a · (Σ_k s_k · L[p,k] · f_k[t] + ½ · u_p[t] + n · e[p,t]), where f and u are AR(1) with
 * unit variance, s is the patient's strength of each network, n the site's noise and a the site's
 * gain. The strength of the last network grows with age: a phenotype that can be found again.
 */
final class SyntheticPatient {
    private static final double OWN_TIME_CONSTANT_SECONDS = 3;
    private static final double OWN_ACTIVITY = 0.5;

    final double ageYears;
    final boolean female;
    private final Random random;

    SyntheticPatient(SyntheticSite site, long seed) {
        this.random = new Random(seed);
        this.ageYears = Math.round((site.youngest() + site.ageRange() * random.nextDouble()) * 10) / 10.0;
        this.female = random.nextDouble() < site.femaleShare();
    }

    /** Row-major [parcels, frames], every parcel with mean 0. */
    float[] scan(SyntheticBrain brain, SyntheticSite site, int frames) {
        int parcels = brain.loadings.length;
        double[][] networks = new double[SyntheticBrain.NETWORKS][];
        for (int network = 0; network < networks.length; network++) {
            double strength = 1 + 0.2 * random.nextGaussian();
            if (network == networks.length - 1) {
                strength += (ageYears - 25) / 25;
            }
            networks[network] =
                    autoregressive(frames, site.repetitionTimeSeconds(), brain.timeConstantSeconds[network], strength);
        }
        double gain = site.gain() * (0.7 + 0.6 * random.nextDouble());
        float[] values = new float[parcels * frames];
        for (int parcel = 0; parcel < parcels; parcel++) {
            double[] row =
                    autoregressive(frames, site.repetitionTimeSeconds(), OWN_TIME_CONSTANT_SECONDS, OWN_ACTIVITY);
            double mean = 0;
            for (int frame = 0; frame < frames; frame++) {
                for (int network = 0; network < networks.length; network++) {
                    row[frame] += brain.loadings[parcel][network] * networks[network][frame];
                }
                row[frame] += site.noise() * random.nextGaussian();
                mean += row[frame] / frames;
            }
            for (int frame = 0; frame < frames; frame++) {
                values[parcel * frames + frame] = (float) (gain * (row[frame] - mean));
            }
        }
        return values;
    }

    private double[] autoregressive(int frames, double repetitionTime, double timeConstant, double amplitude) {
        double memory = StrictMath.exp(-repetitionTime / timeConstant);
        double innovation = StrictMath.sqrt(1 - memory * memory);
        double[] values = new double[frames];
        double state = random.nextGaussian();
        for (int frame = 0; frame < frames; frame++) {
            values[frame] = amplitude * state;
            state = memory * state + innovation * random.nextGaussian();
        }
        return values;
    }
}
