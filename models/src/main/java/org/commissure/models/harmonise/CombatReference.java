package org.commissure.models.harmonise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.linear.Cholesky;

/**
 * What ComBat (Johnson, Li and Rabinovic 2007; Fortin et al. 2018) estimates from all sites together: the effect of the covariates,
 * the grand mean and the pooled variance of each feature. It says nothing of any one site. Immutable, thread-safe.
 */
public final class CombatReference {
    private static final double CONSTANT = 1e-10;

    private final double[][] effects;
    private final double[] grandMean;
    private final double[] deviation;

    private CombatReference(double[][] effects, double[] grandMean, double[] deviation) {
        this.effects = effects;
        this.grandMean = grandMean;
        this.deviation = deviation;
    }

    /**
     * β = (X̃ᵀX̃)⁻¹X̃ᵀỸ; grand mean Σnᵢγ̂ᵢ/N = ȳ − x̄ᵀβ; pooled variance (Σỹ² − βᵀX̃ᵀỸ)/N.
     *
     * <p>A covariate that does not vary within any site has no effect that could be told from the sites'.
     *
     * @param sums of all sites
     * @throws ArithmeticException if there are no patients, or covariates follow from each other
     */
    public static CombatReference of(CombatSums sums) {
        if (!(sums.patients() >= 2)) {
            throw new ArithmeticException("ComBat needs at least two patients");
        }
        List<Integer> varying = new ArrayList<>();
        for (int k = 0; k < sums.covariates(); k++) {
            double scale = sums.patients() * (1 + sums.covariateMean(k) * sums.covariateMean(k));
            if (sums.product(k, k) > CONSTANT * scale) {
                varying.add(k);
            }
        }
        double[][] effects = effects(sums, varying);
        double[] grandMean = new double[sums.features()];
        double[] deviation = new double[sums.features()];
        for (int f = 0; f < grandMean.length; f++) {
            grandMean[f] = sums.featureMean(f);
            double residual = sums.square(f);
            for (int k : varying) {
                grandMean[f] -= sums.covariateMean(k) * effects[k][f];
                residual -= effects[k][f] * sums.cross(k, f);
            }
            double variance = residual / sums.patients();
            deviation[f] = variance > 0 ? Math.sqrt(variance) : 1;
        }
        return new CombatReference(effects, grandMean, deviation);
    }

    private static double[][] effects(CombatSums sums, List<Integer> varying) {
        int q = varying.size();
        double[][] effects = new double[sums.covariates()][sums.features()];
        if (q == 0) {
            return effects;
        }
        double[][] matrix = new double[q][q];
        for (int i = 0; i < q; i++) {
            for (int j = 0; j < q; j++) {
                matrix[i][j] = sums.product(varying.get(i), varying.get(j));
            }
        }
        Cholesky factor = Cholesky.of(matrix);
        for (int f = 0; f < sums.features(); f++) {
            double[] right = new double[q];
            for (int i = 0; i < q; i++) {
                right[i] = sums.cross(varying.get(i), f);
            }
            double[] solution = factor.solve(right);
            for (int i = 0; i < q; i++) {
                effects[varying.get(i)][f] = solution[i];
            }
        }
        return effects;
    }

    /** What is known of the features in [from, to), counted from 0 again. */
    public CombatReference of(int from, int to) {
        double[][] some = new double[effects.length][];
        for (int k = 0; k < some.length; k++) {
            some[k] = Arrays.copyOfRange(effects[k], from, to);
        }
        return new CombatReference(
                some, Arrays.copyOfRange(grandMean, from, to), Arrays.copyOfRange(deviation, from, to));
    }

    public int features() {
        return grandMean.length;
    }

    /** Effect of a covariate on a feature. */
    public double effect(int covariate, int feature) {
        return effects[covariate][feature];
    }

    public double grandMean(int feature) {
        return grandMean[feature];
    }

    /** With divisor N. */
    public double pooledVariance(int feature) {
        return deviation[feature] * deviation[feature];
    }

    /** What a patient of these covariates is expected to have. */
    double expected(double[] covariates, int feature) {
        double expected = grandMean[feature];
        for (int k = 0; k < covariates.length; k++) {
            expected += covariates[k] * effects[k][feature];
        }
        return expected;
    }

    double standardised(double value, double[] covariates, int feature) {
        return (value - expected(covariates, feature)) / deviation[feature];
    }

    double restored(double standardised, double[] covariates, int feature) {
        return standardised * deviation[feature] + expected(covariates, feature);
    }
}
