package org.commissure.privacy.dp.pld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.commissure.privacy.dp.FixedSizeGaussian;
import org.commissure.privacy.dp.Mechanism;
import org.commissure.privacy.dp.PoissonGaussian;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.privacy.dp.ReferenceData;
import org.commissure.privacy.dp.ReferenceData.Row;
import org.commissure.privacy.dp.ReferenceMechanism;
import org.commissure.privacy.dp.Relation;
import org.commissure.privacy.dp.RenyiOrders;
import org.commissure.privacy.dp.SummedDiscreteGaussian;
import org.junit.jupiter.api.Test;

final class PldAccountantTest {
    private static final double DELTA = 1e-5;

    /**
     * Rows with an exact point: at least that, at most the reference's bound. Others: as close as the tolerance. A
     * row that the reference computed with privacy buckets and that we put below it is repeated with buckets.
     */
    @Test
    void everyRowOfTheReferenceIsReproduced() {
        int compared = 0;
        for (Row row : ReferenceData.table("dp/dp_accounting_public.csv")) {
            if (row.text("eps_pld_upper").isEmpty()) {
                continue;
            }
            LossBound ours = bound(row, Grid.CONNECT_DOTS);
            double reference = row.number("eps_pld_upper");
            double tolerance = Math.max(1e-3, 1e-3 * reference);
            if (!row.text("eps_exact").isEmpty()) {
                assertThat(ours.epsilon())
                        .as(row.text("id"))
                        .isBetween(row.number("eps_exact") - 1e-6, reference * 1.001 + 1e-4);
                assertThat(ours.epsilon() - ours.error())
                        .as(row.text("id") + ": the stated error covers the distance to the exact point")
                        .isLessThanOrEqualTo(row.number("eps_exact") + 1e-9);
            } else if (row.text("note").contains("privacy-buckets") && ours.epsilon() < reference - tolerance) {
                assertThat(bound(row, Grid.PRIVACY_BUCKETS).epsilon())
                        .as(row.text("id"))
                        .isCloseTo(reference, within(tolerance));
            } else {
                assertThat(ours.epsilon()).as(row.text("id")).isCloseTo(reference, within(tolerance));
            }
            compared++;
        }
        assertThat(compared).isGreaterThan(50);
    }

    /**
     * One patient in a hundred, σ = 3, Δ = 2, 500 steps, δ = 10⁻⁶: a row of the reference that lies above ours. Its losses
     * are rounded up on a grid of 10⁻⁴, about half an interval a step: 500 · 0.5 · 10⁻⁴ = 0.025. The same losses rounded down
     * and up on a grid of 2·10⁻⁶ by another program bracket the true ε.
     */
    @Test
    void integerNoiseIsBetweenLossesRoundedDownAndUp() {
        Mechanism step = new SummedDiscreteGaussian(0.01, 3, 1, 1, 2, 2);
        double ours = PldAccountant.of(Relation.ADD_REMOVE)
                .add(step, 500)
                .epsilon(1e-6)
                .epsilon();
        assertThat(ours).isBetween(0.748075, 0.748952);
        for (double interval : new double[] {1e-4, 1e-5}) {
            LossBound buckets = PldAccountant.of(Relation.ADD_REMOVE, interval, Grid.PRIVACY_BUCKETS)
                    .add(step, 500)
                    .epsilon(1e-6);
            assertThat(buckets.epsilon()).as(buckets.toString()).isBetween(ours, ours + 500 * buckets.interval());
        }
    }

    private static LossBound bound(Row row, Grid grid) {
        return PldAccountant.of(ReferenceMechanism.relation(row), PldAccountant.USUAL_INTERVAL, grid)
                .add(ReferenceMechanism.of(row), ReferenceMechanism.steps(row))
                .epsilon(row.number("delta"));
    }

    /**
     * T Gaussian steps without sampling are one with σ/√T, for which δ(ε) is known: Balle and Wang,
     * arXiv:1805.06530, Theorem 8. An upper bound must not undercut it, however many steps.
     */
    @Test
    void composedGaussiansAreNeverBelowTheExactGaussian() {
        for (long steps : new long[] {1, 10, 1000, 100_000}) {
            for (double delta : new double[] {1e-3, 1e-6, 1e-9, 1e-12}) {
                double sigma = 1.3 * Math.sqrt(steps);
                double exact = exactGaussian(1.3, delta);
                LossBound ours = PldAccountant.of(Relation.ADD_REMOVE, 1e-6, Grid.CONNECT_DOTS)
                        .add(new PoissonGaussian(1, sigma), steps)
                        .epsilon(delta);
                assertThat(ours.epsilon())
                        .as("%d steps, delta %s: %s", steps, delta, ours)
                        .isBetween(exact - 1e-9, exact * 1.0003 + 1e-6);
                assertThat(ours.epsilon() - ours.error()).isLessThanOrEqualTo(exact + 1e-9);
            }
        }
    }

    @Test
    void itIsTighterThanTheRenyiAccountantAndAboveNothingSmaller() {
        for (double q : new double[] {0.01, 0.3}) {
            for (Relation relation : Relation.values()) {
                Mechanism step = new PoissonGaussian(q, 1.1);
                double renyi = RdpAccountant.builder(RenyiOrders.ALL, relation)
                        .add(step, 200)
                        .epsilon(DELTA)
                        .epsilon();
                double loss =
                        PldAccountant.of(relation).add(step, 200).epsilon(DELTA).epsilon();
                assertThat(loss).as("%s %s", q, relation).isLessThan(renyi).isGreaterThan(renyi * 0.5);
            }
        }
    }

    @Test
    void aFinerGridIsTighterAndTheErrorsOverlap() {
        LossBound usual = PldAccountant.of(Relation.ADD_REMOVE)
                .add(new PoissonGaussian(0.001, 2), 100_000)
                .epsilon(1e-9);
        LossBound finer = PldAccountant.of(Relation.ADD_REMOVE, 1e-6, Grid.CONNECT_DOTS)
                .add(new PoissonGaussian(0.001, 2), 100_000)
                .epsilon(1e-9);
        assertThat(finer.epsilon()).isLessThan(usual.epsilon()).isGreaterThan(usual.epsilon() - usual.error());
        assertThat(finer.error()).isLessThan(usual.error() / 10);
    }

    @Test
    void unlikeStepsCompose() {
        Mechanism step = new PoissonGaussian(0.05, 1.2);
        double together = PldAccountant.of(Relation.ADD_REMOVE)
                .add(step, 300)
                .epsilon(DELTA)
                .epsilon();
        double apart = PldAccountant.of(Relation.ADD_REMOVE)
                .add(step, 100)
                .add(step, 200)
                .epsilon(DELTA)
                .epsilon();
        assertThat(apart).isCloseTo(together, within(1e-4));

        PldAccountant mixed = PldAccountant.of(Relation.ADD_REMOVE)
                .add(step, 300)
                .add(new PoissonGaussian(1, 20), 2)
                .add(new SummedDiscreteGaussian(0.1, 5, 1, 1, 2, 2), 20);
        double loss = mixed.epsilon(DELTA).epsilon();
        double renyi = RdpAccountant.builder()
                .add(step, 300)
                .add(new PoissonGaussian(1, 20), 2)
                .add(new SummedDiscreteGaussian(0.1, 5, 1, 1, 2, 2), 20)
                .epsilon(DELTA)
                .epsilon();
        assertThat(loss).isGreaterThan(together).isLessThan(renyi);
    }

    @Test
    void aHundredThousandStepsAreResolvedAndCostLessThanByRenyiDivergence() {
        isResolved(new PoissonGaussian(0.01, 4), 1e-7);
    }

    @Test
    void soAreRareSamplesWhoseLossNeedsAFineGrid() {
        for (double sigma : new double[] {0.35, 0.5, 0.8, 1, 4}) {
            isResolved(new PoissonGaussian(1e-5, sigma), 1e-6);
        }
    }

    private static void isResolved(PoissonGaussian step, double delta) {
        LossBound bound =
                PldAccountant.of(Relation.ADD_REMOVE).add(step, 100_000).epsilon(delta);
        double renyi = RdpAccountant.builder().add(step, 100_000).epsilon(delta).epsilon();
        assertThat(bound.epsilon()).as("%s", step).isPositive().isLessThan(renyi);
        assertThat(bound.interval()).as("%s", step).isLessThan(bound.epsilon() / 64);
        assertThat(bound.error()).as("%s", step).isLessThan(bound.epsilon() / 10);
    }

    @Test
    void nothingDoneCostsNothingAndALargeDeltaCoversEverything() {
        assertThat(PldAccountant.of(Relation.ADD_REMOVE).epsilon(DELTA).epsilon())
                .isZero();
        assertThat(PldAccountant.of(Relation.ADD_REMOVE)
                        .add(new PoissonGaussian(0, 1), 10)
                        .epsilon(DELTA)
                        .epsilon())
                .isZero();
        assertThat(PldAccountant.of(Relation.ADD_REMOVE)
                        .add(new PoissonGaussian(0.01, 10), 10)
                        .epsilon(0.5)
                        .epsilon())
                .isZero();
    }

    @Test
    void extremeParametersGiveABoundOrAReasonButNeverNaN() {
        for (double q : new double[] {1e-5, 0.01, 0.999999, 1}) {
            for (double sigma : new double[] {0.2, 1, 1e3}) {
                for (long steps : new long[] {1, 100_000}) {
                    for (Relation relation : Relation.values()) {
                        try {
                            double epsilon = PldAccountant.of(relation)
                                    .add(new PoissonGaussian(q, sigma), steps)
                                    .epsilon(1e-8)
                                    .epsilon();
                            assertThat(epsilon)
                                    .as("q %s σ %s T %d %s", q, sigma, steps, relation)
                                    .isNotNaN()
                                    .isGreaterThanOrEqualTo(0);
                            double renyi = RdpAccountant.builder(RenyiOrders.INTEGER, relation)
                                    .add(new PoissonGaussian(q, sigma), steps)
                                    .epsilon(1e-8)
                                    .epsilon();
                            assertThat(epsilon)
                                    .as("q %s σ %s T %d %s", q, sigma, steps, relation)
                                    .isLessThanOrEqualTo(renyi * 1.05 + 0.02);
                        } catch (IllegalArgumentException e) {
                            assertThat(e).hasMessageContaining("too small for a privacy loss distribution");
                            assertThat(sigma).isLessThan(1);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aLossBeyondDoublesIsRefusedAndNeverTakenForNone() {
        for (Relation relation : Relation.values()) {
            for (double q : new double[] {0.01, 1}) {
                for (double sigma : new double[] {1e-3, 0.02}) {
                    assertThatThrownBy(() -> PldAccountant.of(relation)
                                    .add(new PoissonGaussian(q, sigma), 1)
                                    .epsilon(DELTA))
                            .hasMessageContaining("too small");
                    assertThatThrownBy(() -> PldAccountant.of(relation)
                                    .add(new SummedDiscreteGaussian(q, sigma, 1, 1, 1, 1), 1)
                                    .epsilon(DELTA))
                            .hasMessageContaining("too small");
                }
            }
        }
    }

    @Test
    void mechanismsWithoutAWorstPairAreRefusedWithTheAccountantThatHasABound() {
        PldAccountant accountant = PldAccountant.of(Relation.REPLACE_ONE);
        for (Mechanism one : List.of(
                new FixedSizeGaussian(5, 20, 1),
                new SummedDiscreteGaussian(1, 4, 3, 1, 1, 1),
                new SummedDiscreteGaussian(1, 4, 1, 10, 3, 2))) {
            assertThatThrownBy(() -> accountant.add(one, 1)).hasMessageContaining("rdp accountant");
        }
        assertThatThrownBy(() -> accountant.add(new SummedDiscreteGaussian(1, 4, 1, 1, 1.5, 1.5), 1))
                .hasMessageContaining("whole number");
        assertThatThrownBy(() -> accountant.add(new PoissonGaussian(1, 4), -1)).hasMessageContaining("steps");
        assertThatThrownBy(() -> accountant.epsilon(0)).hasMessageContaining("delta");
    }

    /** δ(ε) = Φ(1/2σ − εσ) − e^ε·Φ(−1/2σ − εσ), solved by halving. */
    private static double exactGaussian(double sigma, double delta) {
        double low = 0;
        double high = 100;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            double reached = normal(1 / (2 * sigma) - middle * sigma)
                    - Math.exp(middle) * normal(-1 / (2 * sigma) - middle * sigma);
            if (reached > delta) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Φ by Simpson's rule far into the tail. */
    private static double normal(double x) {
        double sum = 0;
        double step = 1.0 / 512;
        for (int i = 0; i < 20_000; i++) {
            double t = x - i * step;
            double density = Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
            int simpson = i == 0 ? 1 : i % 2 == 1 ? 4 : 2;
            sum += simpson * density;
        }
        return sum * step / 3;
    }
}
