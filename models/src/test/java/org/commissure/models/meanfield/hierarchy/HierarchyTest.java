package org.commissure.models.meanfield.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.files.RegionTable;
import org.junit.jupiter.api.Test;

final class HierarchyTest {
    private static final int REGIONS = 14;

    @Test
    void ranksOfTiesAreShared() {
        assertThat(RankCorrelation.ranks(new double[] {3, 1, 3, 2})).containsExactly(2.5, 0, 2.5, 1);
    }

    @Test
    void theCorrelationIsSpearmans() {
        // 1 − 6·Σd²/(n(n²−1)) with d² = 0 + 1 + 1 + 0 + 0
        assertThat(RankCorrelation.of(new double[] {1, 2, 3, 4, 9}, new double[] {2, 40, 30, 50, 60}))
                .isCloseTo(1 - 6 * 2 / (5.0 * 24), within(1e-12));
        assertThat(RankCorrelation.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isNaN();
    }

    @Test
    void networksHaveTheMeansOfTheirRegions() {
        Hierarchy hierarchy = Hierarchy.of(parameters(), table(), List.of(), 100, 1);
        NetworkMean first = hierarchy.networks().getFirst();
        assertThat(first.parameter()).isEqualTo("w");
        assertThat(first.name()).isEqualTo("Visual");
        assertThat(first.regions()).isEqualTo(2);
        assertThat(first.mean()).isCloseTo(0.35, within(1e-12)); // regions 1 and 8: .0 and .7
        assertThat(first.deviation()).isCloseTo(0.7 / Math.sqrt(2), within(1e-12));
        assertThat(hierarchy.networks()).hasSize(3 * 7);
    }

    @Test
    void aMapThatOrdersTheRegionsHasASmallPAndAShuffledOneHasNot() {
        double[] map = parameters().recurrence().clone();
        double[] noise = new Random(2).doubles(REGIONS).toArray();
        Hierarchy hierarchy = Hierarchy.of(
                parameters(),
                table(),
                List.of(new Hierarchy.NamedMap("same", map, Optional.empty()), named("random", noise)),
                999,
                1);
        MapComparison same = hierarchy.comparisons().getFirst();
        assertThat(same.rho()).isCloseTo(1, within(1e-12));
        assertThat(same.p()).isLessThan(0.01);
        assertThat(same.nullModel()).isEqualTo(MapComparison.NullModel.PERMUTATIONS);
        assertThat(hierarchy.comparisons().get(1).p()).isGreaterThan(0.05);
    }

    @Test
    void enoughSpunMapsReplaceThePermutations() {
        double[] map = parameters().recurrence().clone();
        List<double[]> spins = new ArrayList<>();
        for (int spin = 0; spin < 39; spin++) {
            spins.add(new Random(spin).doubles(REGIONS).toArray());
        }
        Hierarchy hierarchy = Hierarchy.of(
                parameters(),
                table(),
                List.of(
                        new Hierarchy.NamedMap("spun", map, Optional.of(spins.toArray(double[][]::new))),
                        new Hierarchy.NamedMap("few", map, Optional.of(new double[][] {spins.getFirst()}))),
                999,
                1);
        MapComparison spun = hierarchy.comparisons().getFirst();
        assertThat(spun.nullModel()).isEqualTo(MapComparison.NullModel.SPINS);
        assertThat(spun.nulls()).isEqualTo(39);
        assertThat(spun.p()).isCloseTo(1 / 40.0, within(1e-12));
        assertThat(hierarchy.comparisons().get(1).nullModel())
                .as("one spun map gives no p")
                .isEqualTo(MapComparison.NullModel.PERMUTATIONS);
    }

    @Test
    void aHomogeneousParameterHasNoRankCorrelation() {
        RegionalParameters flat = RegionalParameters.homogeneous(REGIONS, 0.5, 0.3, 2, 0.001);
        Hierarchy hierarchy =
                Hierarchy.of(flat, table(), List.of(named("any", parameters().recurrence())), 99, 1);
        assertThat(hierarchy.comparisons())
                .allSatisfy(comparison -> assertThat(comparison.p()).isNaN());
    }

    @Test
    void otherNumbersOfRegionsAreRefused() {
        RegionalParameters small = RegionalParameters.homogeneous(3, 0.5, 0.3, 2, 0.001);
        assertThatThrownBy(() -> Hierarchy.of(small, table(), List.of(), 9, 1)).hasMessageContaining("3 regions");
        assertThatThrownBy(() -> Hierarchy.of(parameters(), table(), List.of(named("short", new double[2])), 9, 1))
                .hasMessageContaining("short has 2 regions");
    }

    private static Hierarchy.NamedMap named(String name, double[] values) {
        return new Hierarchy.NamedMap(name, values, Optional.empty());
    }

    private static RegionalParameters parameters() {
        double[] w = new double[REGIONS];
        double[] input = new double[REGIONS];
        double[] noise = new double[REGIONS];
        for (int region = 0; region < REGIONS; region++) {
            w[region] = region / 10.0;
            input[region] = 0.3 - region / 100.0;
            noise[region] = 0.001 * (1 + region % 3);
        }
        return new RegionalParameters(w, input, 2, noise);
    }

    private static RegionTable table() {
        List<RegionTable.Region> regions = new ArrayList<>();
        for (int region = 0; region < REGIONS; region++) {
            regions.add(
                    new RegionTable.Region("r" + region, RegionTable.Hemisphere.LEFT, OptionalInt.of(region % 7 + 1)));
        }
        return new RegionTable(regions);
    }
}
