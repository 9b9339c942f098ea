package org.commissure.models.harmonise;

import java.util.List;
import org.commissure.models.linear.Moments;

/**
 * What the sites add up for ComBat: n, Σx, Σy, and of rows centred at each site X̃ᵀX̃ (upper triangle by rows), X̃ᵀỸ (by
 * covariates) and Σỹ². By the theorem of Frisch, Waugh and Lovell regression on centred rows gives the coefficients of the regression with
 * an intercept for each site, so one sum is all that pooled ComBat needs to know of other sites.
 *
 * @param covariates q
 * @param features d
 * @param values in the order above
 */
@SuppressWarnings("ArrayRecordComponent") // a vector to be summed; never compared
public record CombatSums(int covariates, int features, double[] values) {
    public CombatSums {
        if (values.length != length(covariates, features)) {
            throw new IllegalArgumentException("sums of " + covariates + " covariates and " + features
                    + " features are " + length(covariates, features) + " numbers, not " + values.length);
        }
    }

    public static int length(int covariates, int features) {
        return 1 + covariates + 2 * features + Moments.length(covariates) + covariates * features;
    }

    /**
     * One site's.
     *
     * @param x [patients][covariates]
     * @param y [patients][features]
     */
    public static CombatSums of(List<double[]> x, List<double[]> y, int covariates, int features) {
        double[] values = new double[length(covariates, features)];
        CombatSums sums = new CombatSums(covariates, features, values);
        int n = x.size();
        values[0] = n;
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < covariates; k++) {
                values[1 + k] += x.get(i)[k];
            }
            for (int f = 0; f < features; f++) {
                values[sums.sumAt() + f] += y.get(i)[f];
            }
        }
        double[] cx = new double[covariates];
        double[] cy = new double[features];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < covariates; k++) {
                cx[k] = x.get(i)[k] - values[1 + k] / n;
            }
            for (int f = 0; f < features; f++) {
                cy[f] = y.get(i)[f] - values[sums.sumAt() + f] / n;
                values[sums.squareAt() + f] += cy[f] * cy[f];
            }
            int at = sums.productAt();
            for (int k = 0; k < covariates; k++) {
                for (int l = k; l < covariates; l++) {
                    values[at++] += cx[k] * cx[l];
                }
            }
            for (int k = 0; k < covariates; k++) {
                for (int f = 0; f < features; f++) {
                    values[at++] += cx[k] * cy[f];
                }
            }
        }
        return sums;
    }

    double patients() {
        return values[0];
    }

    private int sumAt() {
        return 1 + covariates;
    }

    private int productAt() {
        return sumAt() + features;
    }

    private int crossAt() {
        return productAt() + Moments.length(covariates);
    }

    private int squareAt() {
        return crossAt() + covariates * features;
    }

    double covariateMean(int k) {
        return values[1 + k] / patients();
    }

    double featureMean(int f) {
        return values[sumAt() + f] / patients();
    }

    /** Entry of X̃ᵀX̃. */
    double product(int k, int l) {
        int row = Math.min(k, l);
        return values[productAt() + row * covariates - row * (row - 1) / 2 + Math.max(k, l) - row];
    }

    /** Entry of X̃ᵀỸ. */
    double cross(int k, int f) {
        return values[crossAt() + k * features + f];
    }

    /** Σỹ² of a feature. */
    double square(int f) {
        return values[squareAt() + f];
    }
}
