package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.commissure.privacy.dp.ReferenceData.Row;
import org.junit.jupiter.api.Test;

final class MechanismTest {
    private static final double DELTA = 1e-5;

    /** Every mechanism of the table; ours knows more orders, so it may be smaller, by little. */
    @Test
    void theRenyiEpsilonOfEveryMechanismIsTheReferences() {
        int compared = 0;
        for (Row row : ReferenceData.table("dp/dp_accounting_public.csv")) {
            if (row.text("eps_rdp").isEmpty() || row.text("mechanism").equals("gaussian_poisson")) {
                continue;
            }
            Guarantee ours = RdpAccountant.builder(RenyiOrders.ALL, ReferenceMechanism.relation(row))
                    .add(ReferenceMechanism.of(row), ReferenceMechanism.steps(row))
                    .epsilon(row.number("delta"));
            double reference = row.number("eps_rdp");
            System.out.println(row.text("id") + " " + row.text("mechanism") + ": " + ours + ", reference " + reference);
            assertThat(ours.epsilon()).as(row.text("id")).isLessThanOrEqualTo(reference * (1 + 1e-9));
            if (ours.order() == row.number("rdp_order")) {
                assertThat(ours.epsilon()).as(row.text("id")).isCloseTo(reference, within(1e-9 * reference));
            }
            compared++;
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void replacingOneCostsMoreThanRemovingOneAndAtMostWhatTwiceTheDistanceCosts() {
        for (double q : new double[] {0.001, 0.02, 0.3, 0.9}) {
            for (double sigma : new double[] {0.5, 1, 4, 20}) {
                for (double order : new double[] {1.5, 2, 4.7, 16, 64}) {
                    Mechanism step = new PoissonGaussian(q, sigma);
                    double replace = step.rdp(order, Relation.REPLACE_ONE);
                    assertThat(replace)
                            .as("q %s σ %s α %s", q, sigma, order)
                            .isLessThanOrEqualTo(2 * order / (sigma * sigma));
                    if (order == Math.rint(order)) { // fractional add/remove is itself a loose bound
                        assertThat(replace)
                                .as("q %s σ %s α %s", q, sigma, order)
                                .isGreaterThan(step.rdp(order, Relation.ADD_REMOVE));
                    }
                }
            }
        }
    }

    /** For α = 2, E over Q of (P/Q)² − 1 = ∫ (P − Q)²/Q, by plain summation on another grid. */
    @Test
    void theReplaceOneDivergenceIsTheDefiningIntegral() {
        for (double q : new double[] {0.01, 0.3}) {
            for (double sigma : new double[] {0.7, 3}) {
                double sum = 0;
                double step = sigma / 531;
                for (double z = -14 * sigma; z < 14 * sigma; z += step) {
                    double middle = normal(z, sigma);
                    double p = (1 - q) * middle + q * normal(z - 1, sigma);
                    double other = (1 - q) * middle + q * normal(z + 1, sigma);
                    sum += (p - other) * (p - other) / other * step;
                }
                assertThat(new PoissonGaussian(q, sigma).rdp(2, Relation.REPLACE_ONE))
                        .isCloseTo(Math.log1p(sum), within(1e-8 * Math.log1p(sum)));
            }
        }
    }

    @Test
    void oneDiscreteGaussianCostsNoMoreThanTheContinuousOne() {
        Mechanism whole = new SummedDiscreteGaussian(1, 8, 1, 1000, 60, 4);
        assertThat(whole.rdp(5, Relation.ADD_REMOVE)).isCloseTo(5 / (2 * 4.0), within(1e-14));
        Mechanism sampled = new SummedDiscreteGaussian(0.1, 8, 1, 1000, 60, 4);
        assertThat(sampled.rdp(5, Relation.ADD_REMOVE)).isCloseTo(SubsampledGaussian.rdp(0.1, 2, 5), within(1e-12));
    }

    @Test
    void theSumOfFineNoiseIsAsGoodAsOneNoiseOfTheTotalVariance() {
        Mechanism sum = new SummedDiscreteGaussian(0.05, 64, 16, 1_000_000, 250_000, 256);
        assertThat(sum.rdp(8, Relation.ADD_REMOVE)).isCloseTo(SubsampledGaussian.rdp(0.05, 1, 8), within(1e-12));
    }

    @Test
    void theSumOfCoarseNoisePaysForNotBeingADiscreteGaussian() {
        SummedDiscreteGaussian coarse = new SummedDiscreteGaussian(1, 0.5, 10, 100, 5, 1);
        assertThat(coarse.closeness()).isGreaterThan(0.1);
        assertThat(coarse.rdp(4, Relation.ADD_REMOVE)).isGreaterThan(4 / (2 * 2.5));
    }

    @Test
    void theTreesDepthIsTheNumberOfNodesAboveALeaf() {
        assertThat(new TreeGaussian(1, 1).depth()).isEqualTo(1);
        assertThat(new TreeGaussian(127, 1).depth()).isEqualTo(7);
        assertThat(new TreeGaussian(128, 1).depth()).isEqualTo(8);
    }

    @Test
    void aBatchOfFixedSizeHasNoBoundForAnAddedPatient() {
        Mechanism batch = new FixedSizeGaussian(5, 20, 4);
        assertThat(batch.rdp(4, Relation.ADD_REMOVE)).isInfinite();
        assertThat(new FixedSizeGaussian(20, 20, 4).rdp(4, Relation.REPLACE_ONE))
                .isEqualTo(4 / 32.0);
    }

    @Test
    void unlikeMechanismsCompose() {
        double apart = RdpAccountant.builder(RenyiOrders.ALL, Relation.ADD_REMOVE)
                .add(new PoissonGaussian(0.05, 1.2), 300)
                .add(new SummedDiscreteGaussian(0.1, 100, 7, 1000, 3000, 100), 20)
                .epsilon(DELTA)
                .epsilon();
        assertThat(apart)
                .isGreaterThan(RdpAccountant.epsilon(0.05, 1.2, 300, DELTA).epsilon());
    }

    @Test
    void argumentsOutsideTheirRangesAreRefused() {
        assertThatThrownBy(() -> new SummedDiscreteGaussian(1, 1, 0, 1, 1, 1)).hasMessageContaining("parties");
        assertThatThrownBy(() -> new SummedDiscreteGaussian(1, 0, 1, 1, 1, 1)).hasMessageContaining("sigma");
        assertThatThrownBy(() -> new SummedSkellam(1, 1, 0, 1, 1)).hasMessageContaining("dimension");
        assertThatThrownBy(() -> new SummedSkellam(1, 1, 1, 1, 2)).hasMessageContaining("L1");
        assertThatThrownBy(() -> new FixedSizeGaussian(21, 20, 1)).hasMessageContaining("sample size");
        assertThatThrownBy(() -> new TreeGaussian(0, 1)).hasMessageContaining("leaves");
    }

    private static double normal(double z, double sigma) {
        return Math.exp(-z * z / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
    }
}
