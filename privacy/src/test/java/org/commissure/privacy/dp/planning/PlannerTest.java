package org.commissure.privacy.dp.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.commissure.privacy.dp.RdpAccountant;
import org.junit.jupiter.api.Test;

final class PlannerTest {
    private static final double DELTA = 1e-5;

    @Test
    void aSmallSiteAloneCannotTakeTwoThousandStepsAtEpsilonEight() {
        List<PlanOption> options = plan(List.of(500), 8, 200, 10);
        assertThat(options).extracting(PlanOption::feasible).containsExactly(false, false);
        PlanOption local = options.getFirst();
        assertThat(local.steps()).isEqualTo(2000);
        assertThat(local.reason()).contains("500 patients");
        assertThat(local.mostRounds()).isBetween(1, 199);
        assertThat(plan(List.of(500), 8, local.mostRounds(), 10).getFirst().feasible())
                .isTrue();
        assertThat(plan(List.of(500), 8, local.mostRounds() + 1, 10).getFirst().feasible())
                .isFalse();
    }

    @Test
    void aLargePooledCohortCan() {
        PlanOption local = plan(List.of(20_000), 8, 200, 10).getFirst();
        assertThat(local.feasible()).isTrue();
        assertThat(local.reason()).isEmpty();
        assertThat(local.noise()).isLessThanOrEqualTo(0.02);
        assertThat(RdpAccountant.epsilon(local.samplingRate(), local.noiseMultiplier(), local.steps(), DELTA)
                        .epsilon())
                .isLessThanOrEqualTo(8)
                .isGreaterThan(7.9);
    }

    @Test
    void manySmallSitesNeedModeDistributed() {
        List<PlanOption> options = plan(Collections.nCopies(10, 500), 8, 200, 10);
        assertThat(options).extracting(PlanOption::mode).containsExactly(PlanMode.LOCAL, PlanMode.DISTRIBUTED);
        assertThat(options).extracting(PlanOption::feasible).containsExactly(false, true);
        PlanOption distributed = options.getLast();
        assertThat(distributed.steps()).isEqualTo(200); // one gradient a round
        // t = 7 of 10, one colluder: six honest sites' noise is counted on.
        assertThat(distributed.siteNoiseMultiplier() * Math.sqrt(6))
                .isCloseTo(distributed.noiseMultiplier(), within(1e-12));
    }

    @Test
    void twoSitesHaveNoSecureSum() {
        PlanOption distributed = plan(List.of(50_000, 50_000), 8, 10, 1).getLast();
        assertThat(distributed.feasible()).isFalse();
        assertThat(distributed.reason()).contains("at least 3 sites");
    }

    @Test
    void whatCannotBePlannedIsRefused() {
        assertThatThrownBy(() -> plan(List.of(), 8, 1, 1)).hasMessageContaining("cohort sizes");
        assertThatThrownBy(() -> plan(List.of(0), 8, 1, 1)).hasMessageContaining("cohort size");
        assertThatThrownBy(() -> plan(List.of(10), 0, 1, 1)).hasMessageContaining("epsilon");
        assertThatThrownBy(() -> plan(List.of(10), 1, 0, 1)).hasMessageContaining("rounds");
    }

    private static List<PlanOption> plan(List<Integer> cohorts, double epsilon, int rounds, int localSteps) {
        return new Planner(new PlanRequest(cohorts, epsilon, DELTA, rounds, localSteps, 0.02, 1)).options();
    }
}
