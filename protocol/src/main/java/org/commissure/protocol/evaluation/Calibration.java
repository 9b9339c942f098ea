package org.commissure.protocol.evaluation;

import java.util.Optional;

/**
 * Logistic recalibration (Cox 1958): logit P(y = 1) = intercept + slope·logit(p), fitted by maximum likelihood to the
 * histogram of p by class, each patient at the centre of its bin. A calibrated model has slope 1 and intercept 0; a slope
 * below 1 says that its probabilities are too extreme. Intervals are Wald's.
 */
public record Calibration(Estimate slope, Estimate intercept) {
    private static final int ITERATIONS = 100;
    private static final double CONVERGED = 1e-10;

    /** Beyond this slope, the classes are as good as separated by the probability. */
    private static final double STEEPEST = 1e3;

    static double centre(int bin) {
        return (bin + 0.5) / ClassificationSums.BINS;
    }

    /** Empty where the likelihood has no maximum: one class, one bin, or separated classes. */
    static Optional<Calibration> of(double[] zeros, double[] ones) {
        double a = 0;
        double b = 0;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            Curvature at = Curvature.at(a, b, zeros, ones);
            double determinant = at.aa * at.bb - at.ab * at.ab;
            if (!(determinant > CONVERGED * at.aa * at.bb)) {
                return Optional.empty();
            }
            double stepA = (at.bb * at.a - at.ab * at.b) / determinant;
            double stepB = (at.aa * at.b - at.ab * at.a) / determinant;
            // Half steps where the likelihood would fall keep Newton's method from leaping past its maximum.
            double share = 1;
            while (share > CONVERGED
                    && Curvature.at(a + share * stepA, b + share * stepB, zeros, ones).likelihood
                            < at.likelihood - CONVERGED * Math.abs(at.likelihood)) {
                share /= 2;
            }
            a += share * stepA;
            b += share * stepB;
            if (Math.abs(b) > STEEPEST) {
                return Optional.empty();
            }
            if (Math.abs(stepA) + Math.abs(stepB) < CONVERGED) {
                return Optional.of(new Calibration(wald(b, at.aa / determinant), wald(a, at.bb / determinant)));
            }
        }
        return Optional.empty();
    }

    private static Estimate wald(double value, double variance) {
        double half = Quantiles.NORMAL_975 * Math.sqrt(variance);
        return new Estimate(value, new Interval(value - half, value + half));
    }

    /** Log-likelihood, its gradient and its negative second derivatives. */
    private record Curvature(double likelihood, double a, double b, double aa, double ab, double bb) {
        static Curvature at(double intercept, double slope, double[] zeros, double[] ones) {
            double likelihood = 0;
            double a = 0;
            double b = 0;
            double aa = 0;
            double ab = 0;
            double bb = 0;
            for (int bin = 0; bin < zeros.length; bin++) {
                double n = zeros[bin] + ones[bin];
                if (n == 0) {
                    continue;
                }
                double p = centre(bin);
                double x = StrictMath.log(p / (1 - p));
                double eta = intercept + slope * x;
                double fitted = 1 / (1 + StrictMath.exp(-eta));
                double residual = ones[bin] - n * fitted;
                double weight = n * fitted * (1 - fitted);
                likelihood -= ones[bin] * softplus(-eta) + zeros[bin] * softplus(eta);
                a += residual;
                b += residual * x;
                aa += weight;
                ab += weight * x;
                bb += weight * x * x;
            }
            return new Curvature(likelihood, a, b, aa, ab, bb);
        }

        /** log(1 + eˣ) without overflow. */
        private static double softplus(double x) {
            return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
        }
    }
}
