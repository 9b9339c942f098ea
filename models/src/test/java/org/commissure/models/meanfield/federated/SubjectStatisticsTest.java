package org.commissure.models.meanfield.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.statistics.Costs;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Target;
import org.junit.jupiter.api.Test;

final class SubjectStatisticsTest {
    private static final int REGIONS = 6;
    private static final int FRAMES = 80;

    private static Bold series(long seed) {
        Random random = new Random(seed);
        double[] values = new double[FRAMES * REGIONS];
        for (int frame = 0; frame < FRAMES; frame++) {
            double shared = random.nextGaussian();
            for (int region = 0; region < REGIONS; region++) {
                values[frame * REGIONS + region] = shared * region / REGIONS + random.nextGaussian();
            }
        }
        return new Bold(FRAMES, REGIONS, values);
    }

    @Test
    void connectivityIsCentredAndItsShapeIsThatOfFisherZ() {
        Bold bold = series(1);
        SubjectStatistics statistics = SubjectStatistics.of(bold, 20, 200, 100);
        assertThat(Arrays.stream(statistics.connectivity()).sum()).isCloseTo(0, within(1e-12));
        assertThat(Costs.pearson(
                        statistics.connectivity(), FunctionalConnectivity.fisherZ(FunctionalConnectivity.of(bold))))
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void noPatientContributesMoreThanTheClipNorm() {
        double[] z = SubjectStatistics.of(series(2), 20, 200, 0.1).connectivity();
        assertThat(Math.sqrt(Arrays.stream(z).map(v -> v * v).sum())).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void severalScansOfOnePatientAreOneContributionWithinTheClipNorm() {
        SubjectStatistics patient = SubjectStatistics.ofScans(List.of(
                SubjectStatistics.of(series(2), 20, 200, 0.1),
                SubjectStatistics.of(series(3), 20, 200, 0.1),
                SubjectStatistics.of(series(4), 20, 200, 0.1)));
        double[] z = patient.connectivity();
        assertThat(Math.sqrt(Arrays.stream(z).map(v -> v * v).sum())).isBetween(1e-3, 0.1 + 1e-12);
        assertThat(Arrays.stream(patient.dynamics()).sum()).isCloseTo(1, within(1e-12));
    }

    @Test
    void sharesOfTheDynamicsAddUpToOne() {
        double[] shares = SubjectStatistics.of(series(3), 20, 200, 12).dynamics();
        assertThat(shares).hasSize(200);
        assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
    }

    @Test
    void aConstantRegionIsRefusedByItsNumber() {
        Bold bold = series(4);
        for (int frame = 0; frame < FRAMES; frame++) {
            bold.values()[frame * REGIONS + 2] = 7;
        }
        assertThatThrownBy(() -> SubjectStatistics.of(bold, 20, 200, 12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("region 3 is constant");
    }

    @Test
    void aValueThatIsNotFiniteIsRefused() {
        Bold bold = series(5);
        bold.values()[7] = Double.NaN;
        assertThatThrownBy(() -> SubjectStatistics.of(bold, 20, 200, 12)).hasMessageContaining("not finite");
    }

    @Test
    void theTargetOfAGroupHasTheMeanZ() {
        SubjectStatistics one = SubjectStatistics.of(series(6), 20, 200, 100);
        SubjectStatistics other = SubjectStatistics.of(series(7), 20, 200, 100);
        Target target = GroupStatistics.of(List.of(one, other), 15, 200).target(REGIONS);
        double[] z = FunctionalConnectivity.fisherZ(target.correlation());
        for (int i = 0; i < z.length; i++) {
            assertThat(z[i]).isCloseTo((one.connectivity()[i] + other.connectivity()[i]) / 2, within(1e-12));
        }
        assertThat(target.dynamics().orElseThrow()[9_999]).isEqualTo(1);
    }

    @Test
    void binsThatNoiseMadeNegativeCountAsEmpty() {
        double[] bins = new double[200];
        bins[10] = -3;
        bins[20] = 1;
        double[] cumulative = new GroupStatistics(2, new double[15], bins)
                .target(REGIONS)
                .dynamics()
                .orElseThrow();
        assertThat(cumulative[20 * 50 - 1]).isZero();
        assertThat(cumulative[20 * 50 + 24]).isCloseTo(0.5, within(1e-12));
        assertThat(cumulative[21 * 50 - 1]).isCloseTo(1, within(1e-12));
    }

    @Test
    void sumsOfNobodyAreNoTarget() {
        assertThatThrownBy(() -> new GroupStatistics(0.4, new double[15], new double[200]).target(REGIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @Test
    void regionsAreWeightedMeansOfParcels() {
        ParcelMapping mapping = ParcelMapping.of(2, 3, new double[][] {{1, 1, 1}, {2, 2, 0.25}, {2, 3, 0.75}});
        Bold mapped = mapping.map(new float[] {1, 2, 10, 20, 30, 40}, 2);
        assertThat(mapped.values()).containsExactly(1, 25, 2, 35);
    }

    @Test
    void aRegionWithoutAParcelIsRefused() {
        assertThatThrownBy(() -> ParcelMapping.of(2, 3, new double[][] {{1, 1, 1}}))
                .hasMessageContaining("region 2 has no parcel");
    }

    @Test
    void aSeriesOfAnotherParcelCountIsRefused() {
        assertThatThrownBy(() -> ParcelMapping.identity(3).map(new float[8], 2))
                .hasMessageContaining("3 parcels of 2 frames");
    }

    @Test
    void thePriorAfterARoundIsTheMeanAndTheRelativeSpreadOfTheSites() {
        // Two sites with 1 and 3: mean 2, variance 2, squared coefficient of variation 0.5, at most a quarter.
        SiteRefinement.Prior wide = SiteRefinement.Prior.of(new double[] {4}, new double[] {10}, 2);
        assertThat(wide.parameters()).containsExactly(2);
        assertThat(wide.logVariance()).isEqualTo(0.25);
        // 9 and 11: variance 2, squared coefficient of variation 0.02.
        SiteRefinement.Prior narrow = SiteRefinement.Prior.of(new double[] {20}, new double[] {202}, 2);
        assertThat(narrow.logVariance()).isCloseTo(0.02, within(1e-12));
    }
}
