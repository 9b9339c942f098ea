package org.commissure.models.finetune;

/**
 * How good predicted numbers are.
 *
 * @param meanSquaredError in the target's squared units
 * @param r2 {@code 1 − Σ(y − ŷ)² / Σ(y − ȳ)²} with the mean of these very truths; 0 if they do not vary
 * @param pearson correlation; 0 if either side does not vary
 */
public record RegressionMetrics(double meanSquaredError, double r2, double pearson) {

    /** @param predicted as long as {@code truth}, at least one */
    public static RegressionMetrics of(double[] truth, double[] predicted) {
        int n = truth.length;
        if (n == 0 || predicted.length != n) {
            throw new IllegalArgumentException(predicted.length + " predictions for " + n + " truths");
        }
        double truthMean = mean(truth);
        double predictedMean = mean(predicted);
        double errors = 0;
        double truthSquares = 0;
        double predictedSquares = 0;
        double products = 0;
        for (int i = 0; i < n; i++) {
            double t = truth[i] - truthMean;
            double p = predicted[i] - predictedMean;
            errors += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
            truthSquares += t * t;
            predictedSquares += p * p;
            products += t * p;
        }
        double lengths = Math.sqrt(truthSquares * predictedSquares);
        return new RegressionMetrics(
                errors / n, truthSquares > 0 ? 1 - errors / truthSquares : 0, lengths > 0 ? products / lengths : 0);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
