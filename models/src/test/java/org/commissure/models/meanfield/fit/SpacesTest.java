package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;
import org.junit.jupiter.api.Test;

final class SpacesTest {
    private static final CorticalMap MYELIN = new CorticalMap("myelin", new double[] {1.1, 1.2, 1.35, 1.5});
    private static final CorticalMap GRADIENT = new CorticalMap("gradient", new double[] {3, -2, 5, 0});

    @Test
    void twoMapsMakeTenNumbers() {
        MapSpace space = new MapSpace(List.of(MYELIN, GRADIENT), ParameterBounds.KONG_2021);
        assertThat(space.dimensions()).isEqualTo(10);
        RegionalParameters parameters =
                space.parameters(new double[] {0.1, 0.2, 0.01, 0.3, 0, 0.001, 2.5, 0.002, 0.001, 0.0001});
        assertThat(parameters.recurrence()[2]).isCloseTo(0.1 + 0.2 * 1.35 + 0.01 * 5, within(1e-15));
        assertThat(parameters.input()[1]).isCloseTo(0.3 - 0.002, within(1e-15));
        assertThat(parameters.coupling()).isEqualTo(2.5);
        assertThat(parameters.noise()[0]).isCloseTo(0.002 + 0.0011 + 0.0003, within(1e-15));
    }

    @Test
    void everyStartIsInsideTheBounds() {
        MapSpace space = new MapSpace(List.of(MYELIN, GRADIENT), ParameterBounds.KONG_2021);
        for (int seed = 0; seed < 50; seed++) {
            assertThat(space.contains(space.start(new Random(seed)).mean())).isTrue();
        }
    }

    @Test
    void broadStartsLieAllOverTheBounds() {
        MapSpace space = new MapSpace(List.of(MYELIN, GRADIENT), ParameterBounds.KONG_2021);
        double lowest = 1;
        double highest = 0;
        for (int seed = 0; seed < 200; seed++) {
            CandidateSpace.Start start = space.broadStart(new Random(seed));
            assertThat(space.contains(start.mean())).isTrue();
            assertThat(Arrays.stream(start.deviations()).allMatch(deviation -> deviation > 0 && deviation < 10))
                    .isTrue();
            double level = Arrays.stream(space.parameters(start.mean()).recurrence())
                    .average()
                    .orElseThrow();
            lowest = Math.min(lowest, level);
            highest = Math.max(highest, level);
        }
        assertThat(lowest).isLessThan(0.15);
        assertThat(highest).isGreaterThan(0.85);
    }

    @Test
    void aBroadStartsFirstGenerationVariesEachParameterByATenthOfItsBounds() {
        MapSpace space = new MapSpace(List.of(MYELIN, GRADIENT), ParameterBounds.KONG_2021);
        CandidateSpace.Start start = space.broadStart(new Random(5));
        EvolutionStrategy strategy = new EvolutionStrategy(space.dimensions(), 4_000, 40, 1);
        double[] mean = space.parameters(start.mean()).input();
        double squares = 0;
        for (double[] point : strategy.sample(strategy.start(start), new Random(6), point -> true)) {
            double[] input = space.parameters(point).input();
            for (int region = 0; region < input.length; region++) {
                squares += Math.pow(input[region] - mean[region], 2) / (4_000 * input.length);
            }
        }
        // level and two standardised maps: 0.5 · √(.12² + .08² + .08²)
        assertThat(Math.sqrt(squares)).isCloseTo(0.5 * 0.165, within(0.003));
    }

    @Test
    void mapsThatSayTheSameAreRefused() {
        CorticalMap twice = new CorticalMap("twice", new double[] {2.2, 2.4, 2.7, 3});
        CorticalMap flat = new CorticalMap("flat", new double[] {2, 2, 2, 2});
        CorticalMap shorter = new CorticalMap("shorter", new double[] {1, 2});
        assertThatThrownBy(() -> new MapSpace(List.of(MYELIN, twice), ParameterBounds.KONG_2021))
                .hasMessageContaining("say the same");
        assertThatThrownBy(() -> new MapSpace(List.of(flat), ParameterBounds.KONG_2021))
                .hasMessageContaining("constant");
        assertThatThrownBy(() -> new MapSpace(List.of(MYELIN, shorter), ParameterBounds.KONG_2021))
                .hasMessageContaining("shorter has 2 regions");
        assertThatThrownBy(() -> new CorticalMap("holes", new double[] {1, Double.NaN}))
                .hasMessageContaining("holes has NaN at region 2");
    }

    @Test
    void aBudgetBuysOffspringFirstThenSeeds() {
        FitPlan small = FitPlan.within(Duration.ofMinutes(5), 60, FitPlan.KONG_2021);
        FitPlan large = FitPlan.within(Duration.ofHours(8), 60, FitPlan.KONG_2021);
        assertThat(small.seeds()).isEqualTo(1);
        assertThat(large.seeds()).isEqualTo(5);
        assertThat(large.search().offspring()).isGreaterThan(small.search().offspring());
        for (FitPlan plan : List.of(small, large)) {
            double seconds = plan == small ? 300 : 8 * 3600;
            assertThat(plan.search().limitMillis() * plan.seeds()).isLessThan((long) (1000 * seconds));
        }
    }

    @Test
    void splitsOfDifferentKindsAreRefused() {
        FitData whole = Fixtures.data(0.3);
        FitData without = new FitData(
                whole.connectome(),
                new org.commissure.models.meanfield.statistics.Target(
                        Fixtures.REGIONS, whole.target().correlation(), java.util.Optional.empty()));
        assertThatThrownBy(() -> new FitSplits(whole, whole, without)).hasMessageContaining("some splits");
    }
}
