package org.commissure.models.meanfield.fit;

/**
 * All that covariance matrix adaptation carries from one generation to the next.
 *
 * @param generation generations so far
 * @param mean [n]
 * @param step global step size
 * @param covariance [n, n]
 * @param basis [n, n], eigenvectors of the covariance in columns
 * @param deviations [n], square roots of its eigenvalues
 * @param covariancePath [n]
 * @param stepPath [n]
 */
record StrategyState(
        int generation,
        double[] mean,
        double step,
        double[][] covariance,
        double[][] basis,
        double[] deviations,
        double[] covariancePath,
        double[] stepPath) {

    double stepPathNorm() {
        double square = 0;
        for (double value : stepPath) {
            square += value * value;
        }
        return Math.sqrt(square);
    }
}
