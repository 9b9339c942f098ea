package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EvolutionStrategyTest {
    private static final int N = 10;

    @Test
    void theMinimumOfATenDimensionalEllipsoidIsFound() {
        EvolutionStrategy strategy = new EvolutionStrategy(N, 40, 10, 5);
        double[] mean = new double[N];
        double[] deviations = new double[N];
        Arrays.fill(mean, 3);
        Arrays.fill(deviations, 1);
        StrategyState state = strategy.start(new CandidateSpace.Start(mean, deviations));
        Random random = new Random(1);
        for (int generation = 0; generation < 400; generation++) {
            List<double[]> points = strategy.sample(state, random, point -> true);
            state = strategy.next(state, best(points, strategy.parents()));
        }
        assertThat(ellipsoid(state.mean())).isLessThan(1e-12);
        assertThat(state.generation()).isEqualTo(400);
    }

    @Test
    void noOffspringLiesOutsideTheBoundsAlsoWhereHardlyAnyPlaceIsInside() {
        EvolutionStrategy strategy = new EvolutionStrategy(N, 20, 4, 0.15);
        double[] deviations = new double[N];
        Arrays.fill(deviations, 1);
        StrategyState state = strategy.start(new CandidateSpace.Start(new double[N], deviations));
        assertThat(strategy.sample(state, new Random(2), point -> largest(point) < 1e-3))
                .hasSize(20)
                .allMatch(point -> largest(point) < 1e-3);
    }

    @Test
    void theStepNeverExceedsItsCap() {
        EvolutionStrategy strategy = new EvolutionStrategy(N, 40, 10, 0.15);
        double[] mean = new double[N];
        double[] deviations = new double[N];
        Arrays.fill(mean, 100);
        Arrays.fill(deviations, 1);
        StrategyState state = strategy.start(new CandidateSpace.Start(mean, deviations));
        Random random = new Random(3);
        for (int generation = 0; generation < 30; generation++) {
            state = strategy.next(state, best(strategy.sample(state, random, point -> true), 10));
            assertThat(state.step()).isLessThanOrEqualTo(0.15);
        }
    }

    @Test
    void fewerOffspringThanParentsAreRefused() {
        assertThatThrownBy(() -> new EvolutionStrategy(N, 4, 4, 1)).hasMessageContaining("more offspring than parents");
    }

    private static List<double[]> best(List<double[]> points, int count) {
        return points.stream()
                .sorted(Comparator.comparingDouble(EvolutionStrategyTest::ellipsoid))
                .limit(count)
                .toList();
    }

    /** Axes from 1 to 1,000. */
    private static double ellipsoid(double[] x) {
        double sum = 0;
        for (int i = 0; i < N; i++) {
            sum += Math.pow(1e6, i / (N - 1.0)) * x[i] * x[i];
        }
        return sum;
    }

    private static double largest(double[] x) {
        return Arrays.stream(x).map(Math::abs).max().orElse(0);
    }
}
