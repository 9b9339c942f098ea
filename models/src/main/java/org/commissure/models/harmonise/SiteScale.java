package org.commissure.models.harmonise;

import java.util.List;

/** A site's own mean and standard deviation of each feature; a constant feature is centred. Immutable, thread-safe. */
public final class SiteScale implements Adjustment {
    private final double[] mean;
    private final double[] deviation;

    private SiteScale(double[] mean, double[] deviation) {
        this.mean = mean;
        this.deviation = deviation;
    }

    /** @param y [patients][features] of the site's training patients */
    public static SiteScale fit(List<double[]> y) {
        int n = y.size();
        int features = y.getFirst().length;
        double[] mean = new double[features];
        double[] deviation = new double[features];
        for (int f = 0; f < features; f++) {
            for (double[] row : y) {
                mean[f] += row[f] / n;
            }
            for (double[] row : y) {
                deviation[f] += (row[f] - mean[f]) * (row[f] - mean[f]) / n;
            }
            deviation[f] = deviation[f] > 0 ? Math.sqrt(deviation[f]) : 1;
        }
        return new SiteScale(mean, deviation);
    }

    @Override
    public double[] of(double[] covariates, double[] features) {
        double[] out = new double[features.length];
        for (int f = 0; f < out.length; f++) {
            out[f] = (features[f] - mean[f]) / deviation[f];
        }
        return out;
    }
}
