package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.commissure.privacy.dp.ReferenceData.Row;
import org.junit.jupiter.api.Test;

final class SubsampledGaussianTest {
    @Test
    void theCurveIsTheReferences() {
        double worst = 0;
        int compared = 0;
        for (Row row : ReferenceData.table("dp/rdp_curve_public.csv")) {
            double q = row.number("q");
            double sigma = row.number("sigma");
            double order = row.number("alpha");
            double reference = row.number("rdp_per_step");
            double ours = q == 1 || order == Math.rint(order)
                    ? SubsampledGaussian.rdp(q, sigma, order)
                    : SubsampledGaussian.series(q, sigma, order);
            if (Double.isFinite(reference)) {
                assertThat(ours).as(row.toString()).isCloseTo(reference, within(1e-9 * reference));
                worst = Math.max(worst, Math.abs(ours - reference) / reference);
                compared++;
            }
            assertThat(SubsampledGaussian.rdp(q, sigma, order)).isLessThanOrEqualTo(reference * (1 + 1e-9));
        }
        System.out.println("Rényi curve: " + compared + " points, largest relative error " + worst);
    }

    @Test
    void noOrderIsUnderEstimatedAgainstTheDefiningIntegral() {
        for (double q : new double[] {0.001, 0.02, 0.1, 0.25, 0.5, 0.9}) {
            for (double sigma : new double[] {0.5, 0.8, 2, 10}) {
                double last = 0;
                for (double order : new double[] {1.1, 1.5, 2, 2.5, 3, 4.7, 5, 8, 10.9, 12}) {
                    double ours = SubsampledGaussian.rdp(q, sigma, order);
                    double moment = momentMinusOne(q, sigma, order);
                    assertThat(Math.expm1((order - 1) * ours))
                            .as("q %s σ %s α %s", q, sigma, order)
                            .isGreaterThanOrEqualTo(moment * (1 - 1e-8) - 1e-12);
                    if (order == Math.rint(order)) {
                        assertThat(Math.expm1((order - 1) * ours)).isCloseTo(moment, within(1e-8 * moment + 1e-12));
                        assertThat(ours).isGreaterThanOrEqualTo(last); // divergence grows with its order
                        last = ours;
                    }
                }
            }
        }
    }

    @Test
    void everyFractionalOrderHasAFiniteBound() {
        assertThat(SubsampledGaussian.series(0.1, 0.5, 1.1)).isInfinite();
        assertThat(SubsampledGaussian.rdp(0.1, 0.5, 1.1)).isFinite();
    }

    @Test
    void withoutSubsamplingItIsTheGaussianMechanism() {
        assertThat(SubsampledGaussian.rdp(1, 2, 3.5)).isEqualTo(3.5 / 8);
        assertThat(SubsampledGaussian.rdp(0, 2, 3.5)).isZero();
        assertThat(SubsampledGaussian.rdp(1 - 1e-12, 2, 16)).isCloseTo(2, within(1e-9));
    }

    /** A(α) − 1 = ∫ μ₀·((μ/μ₀)^α − 1) by the trapezoid rule, which converges geometrically for such integrands. */
    private static double momentMinusOne(double q, double sigma, double order) {
        double step = sigma / 200;
        double sum = 0;
        for (double z = -40 * sigma; z < order + 40 * sigma; z += step) {
            double logRatio = Math.log1p(q * Math.expm1((2 * z - 1) / (2 * sigma * sigma)));
            double logDensity = -z * z / (2 * sigma * sigma);
            sum += Math.exp(order * logRatio + logDensity) - Math.exp(logDensity);
        }
        return sum * step / (sigma * Math.sqrt(2 * Math.PI));
    }
}
