package org.commissure.models.finetune;

import java.util.List;
import org.commissure.models.linear.Cholesky;

/**
 * The plain predictor that a head has to beat: ridge regression on functional connectivity, that is on the Fisher-z
 * transformed upper triangle of the parcel × parcel correlation matrix. Classes are regressed as 1 and 0, each against
 * the rest. There are far more pairs than patients, so the kernel form is solved: {@code (K + λI)α = y}, with {@code K}
 * scaled to a mean diagonal of 1.
 */
public final class ConnectivityRidge {
    /** Fisher's z of a correlation is bounded here, so that twins among parcels stay finite. */
    private static final double LARGEST_CORRELATION = 0.999;

    /** Penalties tried on the validation patients, relative to the mean diagonal of the kernel. */
    private static final double[] PENALTIES = {0.01, 0.1, 1, 10, 100};

    private final double[] mean;
    private final double[][] rows;
    private final double kernelScale;
    private final double[][] weights;
    private final double[] offsets;
    private final double penalty;

    private ConnectivityRidge(
            double[] mean, double[][] rows, double kernelScale, double[][] weights, double[] offsets, double penalty) {
        this.penalty = penalty;
        this.mean = mean;
        this.rows = rows;
        this.kernelScale = kernelScale;
        this.weights = weights;
        this.offsets = offsets;
    }

    /**
     * One patient's connectivity: the mean of the windows' transformed correlations.
     *
     * @param windows {@code [parcels, frames]} each, row-major
     */
    public static double[] connectivity(List<float[]> windows, int parcels) {
        double[] pairs = new double[parcels * (parcels - 1) / 2];
        for (float[] window : windows) {
            int frames = window.length / parcels;
            double[][] unit = new double[parcels][frames];
            for (int p = 0; p < parcels; p++) {
                unit(window, p * frames, unit[p]);
            }
            int at = 0;
            for (int p = 0; p < parcels; p++) {
                for (int q = p + 1; q < parcels; q++) {
                    double r = Math.clamp(dot(unit[p], unit[q]), -LARGEST_CORRELATION, LARGEST_CORRELATION);
                    pairs[at++] += 0.5 * Math.log((1 + r) / (1 - r)) / windows.size();
                }
            }
        }
        return pairs;
    }

    /** Centred and of length 1; zeros if constant. */
    private static void unit(float[] values, int from, double[] out) {
        double sum = 0;
        for (int t = 0; t < out.length; t++) {
            sum += values[from + t];
        }
        double squares = 0;
        for (int t = 0; t < out.length; t++) {
            out[t] = values[from + t] - sum / out.length;
            squares += out[t] * out[t];
        }
        double length = Math.sqrt(squares);
        for (int t = 0; t < out.length; t++) {
            out[t] = length > 0 ? out[t] / length : 0;
        }
    }

    /**
     * Fits with every penalty and keeps what errs least on the validation patients.
     *
     * @param training {@code [patients][pairs]}
     * @param targets {@code [patients][outputs]}
     */
    public static ConnectivityRidge fit(
            double[][] training, double[][] targets, double[][] validation, double[][] validationTargets) {
        ConnectivityRidge best = fit(training, targets, PENALTIES[0]);
        double least = best.error(validation, validationTargets);
        for (int i = 1; i < PENALTIES.length; i++) {
            ConnectivityRidge next = fit(training, targets, PENALTIES[i]);
            double error = next.error(validation, validationTargets);
            if (error < least) {
                best = next;
                least = error;
            }
        }
        return best;
    }

    /** What multiplies the identity, relative to the mean diagonal of the kernel. */
    public double penalty() {
        return penalty;
    }

    /** Fits with a penalty that was chosen before, on other patients. */
    public static ConnectivityRidge fit(double[][] training, double[][] targets, double penalty) {
        int n = training.length;
        double[] mean = new double[training[0].length];
        for (double[] row : training) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / n;
            }
        }
        double[][] rows = new double[n][];
        double[][] kernel = new double[n][n];
        double trace = 0;
        for (int i = 0; i < n; i++) {
            rows[i] = minus(training[i], mean);
            for (int j = 0; j <= i; j++) {
                kernel[i][j] = dot(rows[i], rows[j]);
                kernel[j][i] = kernel[i][j];
            }
            trace += kernel[i][i];
        }
        double scale = trace > 0 ? n / trace : 1;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                kernel[i][j] *= scale;
            }
            kernel[i][i] += penalty;
        }
        Cholesky factor = Cholesky.of(kernel);
        int outputs = targets[0].length;
        double[][] weights = new double[outputs][];
        double[] offsets = new double[outputs];
        for (int k = 0; k < outputs; k++) {
            double[] y = new double[n];
            for (int i = 0; i < n; i++) {
                offsets[k] += targets[i][k] / n;
            }
            for (int i = 0; i < n; i++) {
                y[i] = targets[i][k] - offsets[k];
            }
            weights[k] = factor.solve(y);
        }
        return new ConnectivityRidge(mean, rows, scale, weights, offsets, penalty);
    }

    /** @return one number for each output */
    public double[] predict(double[] connectivity) {
        double[] centred = minus(connectivity, mean);
        double[] out = offsets.clone();
        for (int i = 0; i < rows.length; i++) {
            double similarity = kernelScale * dot(rows[i], centred);
            for (int k = 0; k < out.length; k++) {
                out[k] += weights[k][i] * similarity;
            }
        }
        return out;
    }

    private double error(double[][] patients, double[][] targets) {
        double sum = 0;
        for (int i = 0; i < patients.length; i++) {
            double[] difference = minus(predict(patients[i]), targets[i]);
            sum += dot(difference, difference);
        }
        return sum;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int j = 0; j < out.length; j++) {
            out[j] = a[j] - b[j];
        }
        return out;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
