package org.commissure.models.meanfield.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.commissure.models.meanfield.Connectome;
import org.junit.jupiter.api.Test;

final class GroupStructureTest {
    private static final int REGIONS = 3;
    private static final int PAIRS = 3;
    private static final double WIDE = 100;

    /** Upper triangle by rows, with a diagonal that must not count. */
    private static double[][] matrix(double ab, double ac, double bc) {
        return new double[][] {{900, ab, ac}, {ab, 900, bc}, {ac, bc, 900}};
    }

    private static SubjectStructure patient(double ab, double ac, double bc) {
        return SubjectStructure.of(matrix(ab, ac, bc), REGIONS, WIDE);
    }

    @Test
    void countsOfAnyUnitBecomeSharesOfTheLargestEdge() {
        assertThat(patient(40, 10, 20).strengths()).containsExactly(1, 0.25, 0.5);
        assertThat(patient(4000, 1000, 2000).strengths()).containsExactly(1, 0.25, 0.5);
    }

    @Test
    void noPatientContributesMoreThanTheClipNorm() {
        double[] clipped = SubjectStructure.of(matrix(40, 10, 20), REGIONS, 0.5).strengths();
        assertThat(Math.sqrt(Arrays.stream(clipped).map(v -> v * v).sum())).isCloseTo(0.5, within(1e-12));
        assertThat(clipped[1] / clipped[0]).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void whatIsNoConnectomeIsRefusedWithoutAValueOfThePatient() {
        double[][] asymmetric = matrix(4, 1, 2);
        asymmetric[2][1] = 3.125;
        assertRefused(asymmetric, "not symmetric at row 2, column 3");
        assertRefused(matrix(4, -3.125, 2), "negative at row 1, column 3");
        assertRefused(matrix(4, Double.NaN, 2), "not finite at row 1, column 3");
        assertRefused(matrix(0, 0, 0), "connects no two regions");
        assertRefused(new double[][] {{0, 3.125}, {3.125, 0}}, "2 rows for 3 regions");
        assertRefused(new double[][] {{0, 1, 2}, {1}, {2, 1, 0}}, "not finite at row 1, column 2", "columns");
    }

    private static void assertRefused(double[][] matrix, String... anyOf) {
        assertThatThrownBy(() -> SubjectStructure.of(matrix, REGIONS, WIDE))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("3.125")
                .satisfies(message -> assertThat(Arrays.stream(anyOf)).anyMatch(message::contains));
    }

    @Test
    void anEdgeIsKeptWhereHalfOfThePatientsHaveIt() {
        GroupStructure sums = GroupStructure.of(
                List.of(patient(1, 0.5, 0.5), patient(1, 0.5, 0), patient(1, 0, 0), patient(1, 0, 0)), PAIRS);
        Connectome kept = sums.consensus(REGIONS, 0.25, 4);
        assertThat(kept.weight(0, 1)).isCloseTo(Connectome.SCALED_MAXIMUM, within(1e-12));
        assertThat(kept.weight(2, 0)).isCloseTo(0.25 * Connectome.SCALED_MAXIMUM, within(1e-12));
        assertThat(kept.weight(1, 2)).isCloseTo(0.125 * Connectome.SCALED_MAXIMUM, within(1e-12));
        assertThat(sums.consensus(REGIONS, 0.5, 4).weight(1, 2)).isZero();
    }

    @Test
    void tooFewPatientsAndADisconnectedGroupAreRefusedWithTheReason() {
        GroupStructure sums = GroupStructure.of(List.of(patient(1, 0, 0), patient(1, 0, 0)), PAIRS);
        assertThatThrownBy(() -> sums.consensus(REGIONS, 0.5, 3)).hasMessageContaining("too few patients");
        assertThatThrownBy(() -> sums.consensus(REGIONS, 0.5, 2)).hasMessageContaining("region 3 has no path");
    }

    @Test
    void underNoiseOnlyEdgesThatStandOutAreKept() {
        GroupStructure noised = new GroupStructure(10, new double[] {10, 5, 1.9}, new double[PAIRS]);
        Connectome kept = noised.aboveNoise(REGIONS, 1, 5);
        assertThat(kept.weight(0, 2)).isCloseTo(0.5 * Connectome.SCALED_MAXIMUM, within(1e-12));
        assertThat(kept.weight(1, 2)).isZero();
    }

    @Test
    void whatIsWrittenIsRead() {
        GroupStructure sums = GroupStructure.of(List.of(patient(1, 0.5, 0.5)), PAIRS);
        double[] values = new double[2 + 1 + 2 * PAIRS];
        sums.write(values, 2);
        GroupStructure read = GroupStructure.read(values, 2, PAIRS);
        assertThat(read.subjects()).isEqualTo(1);
        assertThat(read.strengths()).containsExactly(sums.strengths());
        assertThat(read.edges()).containsExactly(1, 1, 1);
    }
}
