package org.commissure.models.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.RandomCoordinates;
import org.junit.jupiter.api.Test;

/** 70 parcels, ten a network, and seven of none. */
class NetworkIdentificationTest {
    private static final int PARCELS = 77;
    private static final float[][] PLACES = RandomCoordinates.of(PARCELS, 4);

    private static int[] labels() {
        int[] labels = new int[PARCELS];
        for (int p = 0; p < 70; p++) {
            labels[p] = 1 + p % 7;
        }
        return labels;
    }

    /** Correlations within networks as strong as said, and noise. */
    private static double[][] matrix(double within, long seed) {
        var random = new SplittableRandom(seed);
        int[] labels = labels();
        double[][] matrix = new double[PARCELS][PARCELS];
        for (int p = 0; p < PARCELS; p++) {
            for (int q = 0; q < p; q++) {
                boolean together = labels[p] > 0 && labels[p] == labels[q];
                matrix[p][q] = (together ? within : 0) + 0.1 * random.nextGaussian();
                matrix[q][p] = matrix[p][q];
            }
        }
        return matrix;
    }

    private static NetworkIdentification of(double attention, double connectivity) {
        return NetworkIdentification.of(
                labels(), Map.of("attention", matrix(attention, 1)), matrix(connectivity, 2), PLACES, 5, 3);
    }

    private static NetworkIdentification.Method method(NetworkIdentification all, String name) {
        return all.methods().stream()
                .filter(m -> m.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void plantedNetworksAreFoundByWhatHoldsThemAndByNothingElse() {
        NetworkIdentification found = of(0.5, 0);
        assertThat(found.parcels()).isEqualTo(70);
        assertThat(found.unlabelled()).isEqualTo(7);
        assertThat(method(found, "attention").accuracy().estimate()).isEqualTo(1);
        assertThat(method(found, "attention").balancedAccuracy()).isEqualTo(1);
        for (String other : new String[] {"connectivity", "place alone", "GCN-smoothed connectivity, 1"}) {
            var method = method(found, other);
            // One in seven by chance; the interval says how little 70 parcels tell.
            assertThat(method.accuracy().low()).as(other).isLessThan(1.0 / 7 + 0.02);
            assertThat(method.accuracy().estimate()).as(other).isLessThan(0.35);
            assertThat(method.lead().high()).as(other).isNegative();
        }
    }

    @Test
    void smoothingOverTheGraphHelpsAgainstNoise() {
        double[][] noisy = matrix(0.12, 2);
        double plain = method(
                        NetworkIdentification.of(labels(), Map.of("attention", noisy), noisy, PLACES, 5, 3),
                        "connectivity")
                .accuracy()
                .estimate();
        double smoothed = method(
                        NetworkIdentification.of(labels(), Map.of("attention", noisy), noisy, PLACES, 5, 3),
                        "GCN-smoothed connectivity, 1")
                .accuracy()
                .estimate();
        assertThat(smoothed).isGreaterThan(plain);
    }

    @Test
    void theMajorityOfTheOthersIsWrongWhereAllNetworksAreAlike() {
        // Each parcel's own network has one parcel fewer among the others.
        assertThat(method(of(0, 0), "majority").accuracy().estimate()).isZero();
        int[] labels = labels();
        for (int p = 0; p < 35; p++) {
            labels[p] = 7;
        }
        double share = method(
                        NetworkIdentification.of(labels, Map.of("attention", matrix(0, 1)), matrix(0, 2), PLACES, 5, 3),
                        "majority")
                .accuracy()
                .estimate();
        assertThat(share).isCloseTo(40.0 / 70, within(1e-12));
    }

    @Test
    void whatParcelsAreToThemselvesDoesNotCount() {
        double[][] plain = matrix(0.2, 1);
        double[][] selfish = matrix(0.2, 1);
        for (int p = 0; p < PARCELS; p++) {
            selfish[p][p] = 50;
        }
        var likeness = NearestNeighbours.correlation(plain);
        var other = NearestNeighbours.correlation(selfish);
        for (int q = 1; q < PARCELS; q++) {
            assertThat(likeness.of(0, q)).isEqualTo(other.of(0, q));
        }
    }

    @Test
    void smoothingMixesAParcelWithItsNeighboursInTheGraph() {
        // Two parcels joined with weight 1: S is all ½.
        double[][] two = {{0, 1}, {1, 0}};
        for (int steps = 1; steps <= 2; steps++) {
            for (double[] row : GraphSmoothing.of(two, steps)) {
                assertThat(row).containsExactly(new double[] {0.5, 0.5}, within(1e-12));
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        assertThatThrownBy(() -> NetworkIdentification.of(
                        labels(), Map.of("attention", matrix(0, 1)), new double[3][3], PLACES, 5, 3))
                .hasMessageContaining("connectivity is not [77, 77]");
        assertThatThrownBy(() -> NetworkIdentification.of(
                        labels(), Map.of("attention", matrix(0, 1)), matrix(0, 1), PLACES, 70, 3))
                .hasMessageContaining("too few to ask 70");
        int[] wrong = labels();
        wrong[3] = 8;
        assertThatThrownBy(() ->
                        NetworkIdentification.of(wrong, Map.of("attention", matrix(0, 1)), matrix(0, 1), PLACES, 5, 3))
                .hasMessageContaining("a label is 8");
        assertThatThrownBy(() -> Connectivity.mean(new double[][] {new double[2]}, 3))
                .hasMessageContaining("2 pairs are not those of 3 parcels");
    }
}
