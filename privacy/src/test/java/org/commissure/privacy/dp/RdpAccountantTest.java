package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.commissure.privacy.dp.ReferenceData.Row;
import org.junit.jupiter.api.Test;

final class RdpAccountantTest {
    private static final double DELTA = 1e-5;

    @Test
    void integerOrdersGiveTheReferencesEpsilon() {
        double worst = 0;
        List<Row> rows = subsampledGaussian();
        for (Row row : rows) {
            Guarantee ours = epsilon(RenyiOrders.INTEGER, row);
            double reference = row.number("eps_rdp_int");
            worst = Math.max(worst, Math.abs(ours.epsilon() - reference) / reference);
            assertThat(ours.epsilon()).as(row.text("id")).isCloseTo(reference, within(1e-9 * Math.max(1, reference)));
            assertThat(ours.order()).as(row.text("id")).isEqualTo(row.number("rdp_order_int"));
        }
        System.out.println("integer orders: " + rows.size() + " points, largest relative error " + worst);
        assertThat(worst).isLessThan(1e-9);
    }

    @Test
    void allOrdersAreNeverAboveTheReferenceAndNeverBelowTheTruth() {
        double worst = Double.NEGATIVE_INFINITY;
        for (Row row : subsampledGaussian()) {
            double ours = epsilon(RenyiOrders.ALL, row).epsilon();
            worst = Math.max(worst, ours / row.number("eps_rdp") - 1);
            assertThat(ours).as(row.text("id")).isLessThanOrEqualTo(row.number("eps_rdp") * (1 + 1e-9));
            assertThat(ours).as(row.text("id")).isGreaterThanOrEqualTo(row.number("eps_pld_lower"));
            if (!row.text("eps_exact").isEmpty()) {
                assertThat(ours).as(row.text("id")).isGreaterThanOrEqualTo(row.number("eps_exact"));
            }
        }
        System.out.println("all orders: ours / reference - 1 is at most " + worst);
    }

    @Test
    void unlikeStepsComposeLikeEqualOnesThatAreCountedTogether() {
        Guarantee together = RdpAccountant.epsilon(0.05, 1.2, 300, DELTA);
        Guarantee apart =
                RdpAccountant.builder().add(0.05, 1.2, 100).add(0.05, 1.2, 200).epsilon(DELTA);
        assertThat(apart.epsilon()).isCloseTo(together.epsilon(), within(1e-12));

        Guarantee more =
                RdpAccountant.builder().add(0.05, 1.2, 300).add(0.2, 2, 10).epsilon(DELTA);
        assertThat(more.epsilon()).isGreaterThan(together.epsilon());
    }

    @Test
    void nothingDoneCostsNothing() {
        assertThat(RdpAccountant.builder().epsilon(DELTA)).isEqualTo(new Guarantee(0, DELTA, 0));
        assertThat(RdpAccountant.epsilon(0, 1, 1000, DELTA).epsilon()).isZero();
        assertThat(RdpAccountant.epsilon(0.5, 1, 0, DELTA).epsilon()).isZero();
    }

    @Test
    void moreNoiseFewerStepsAndRarerSamplingCostLess() {
        double base = RdpAccountant.epsilon(0.1, 1, 100, DELTA).epsilon();
        assertThat(RdpAccountant.epsilon(0.1, 1.1, 100, DELTA).epsilon()).isLessThan(base);
        assertThat(RdpAccountant.epsilon(0.1, 1, 99, DELTA).epsilon()).isLessThan(base);
        assertThat(RdpAccountant.epsilon(0.09, 1, 100, DELTA).epsilon()).isLessThan(base);
        assertThat(RdpAccountant.epsilon(0.1, 1, 100, 1e-4).epsilon()).isLessThan(base);
    }

    @Test
    void extremeParametersGiveAFiniteNumberOrInfinityButNeverNaN() {
        for (double q : new double[] {1e-6, 1e-3, 0.5, 0.999999, 1}) {
            for (double sigma : new double[] {1e-3, 0.05, 1, 1e3, 1e6}) {
                for (long steps : new long[] {1, 1_000_000_000L, Long.MAX_VALUE}) {
                    double epsilon =
                            RdpAccountant.epsilon(q, sigma, steps, 1e-12).epsilon();
                    assertThat(epsilon)
                            .as("%s %s %s", q, sigma, steps)
                            .isNotNaN()
                            .isGreaterThanOrEqualTo(0);
                }
            }
        }
    }

    @Test
    void argumentsOutsideTheirRangesAreRefused() {
        for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> RdpAccountant.epsilon(bad, 1, 1, DELTA)).hasMessageContaining("sampling rate");
        }
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> RdpAccountant.epsilon(0.1, bad, 1, DELTA))
                    .hasMessageContaining("noise multiplier");
        }
        assertThatThrownBy(() -> RdpAccountant.epsilon(0.1, 1, -1, DELTA)).hasMessageContaining("steps");
        for (double bad : new double[] {0, 1, Double.NaN}) {
            assertThatThrownBy(() -> RdpAccountant.epsilon(0.1, 1, 1, bad)).hasMessageContaining("delta");
        }
    }

    private static List<Row> subsampledGaussian() {
        List<Row> rows = ReferenceData.table("dp/dp_accounting_public.csv").stream()
                .filter(row -> row.text("mechanism").equals("gaussian_poisson"))
                .filter(row -> row.text("relation").equals("ADD_OR_REMOVE_ONE"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(40);
        return rows;
    }

    private static Guarantee epsilon(RenyiOrders orders, Row row) {
        return RdpAccountant.builder(orders)
                .add(row.number("q"), row.number("sigma"), (long) row.number("steps"))
                .epsilon(row.number("delta"));
    }
}
