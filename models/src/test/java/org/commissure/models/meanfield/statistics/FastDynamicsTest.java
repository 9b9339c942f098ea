package org.commissure.models.meanfield.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.simulation.MeanFieldReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FastDynamicsTest {
    private static final double KS_TOLERANCE = 1e-4;

    private final FastDynamics dynamics = new FastDynamics();

    @ParameterizedTest
    @CsvSource({"6, 100, 30, 1", "7, 101, 30, 4", "12, 260, 83, 3", "3, 12, 5, 7", "20, 200, 40, 1"})
    void theDistributionIsTheDoubleOnes(int regions, int frames, int window, int stride) {
        Bold bold = walk(regions, frames, 7);
        long[] exact = ConnectivityDynamics.histogram(bold, window, stride);
        long[] fast = dynamics.histogram(bold, window, stride);
        assertThat(Arrays.stream(fast).sum()).isEqualTo(Arrays.stream(exact).sum());
        int windows = ConnectivityDynamics.windows(frames, window, stride);
        // Some hundreds of counts: one that moves to the next bin must not fail the test.
        assertThat(distance(fast, exact)).isLessThanOrEqualTo(Math.max(KS_TOLERANCE, 4.0 / (windows * windows)));
    }

    @Test
    void publishedDynamicsAreCountedAsTheReferenceDoes() throws IOException {
        Bold bold = new Bold(1_200, 68, MeanFieldReference.numbers("D_full_philox/bold_cand0_1200x68_f64.npy"));
        double[] counts = MeanFieldReference.numbers("D_full_philox/FCDhist_cand0_f64.npy");
        long[] fast = dynamics.histogram(bold, ConnectivityDynamics.WINDOW_FRAMES, 1);
        assertThat(Arrays.stream(fast).sum()).isEqualTo(624_403);
        assertThat(Costs.kolmogorovSmirnov(cumulative(fast), ConnectivityDynamics.cumulative(counts)))
                .isLessThan(KS_TOLERANCE);
        long[] searched = dynamics.histogram(bold, ConnectivityDynamics.WINDOW_FRAMES, 4);
        long[] exact = ConnectivityDynamics.histogram(bold, ConnectivityDynamics.WINDOW_FRAMES, 4);
        assertThat(distance(searched, exact)).isLessThan(KS_TOLERANCE);
    }

    @Test
    void memoryOfALongerSeriesDoesNotShowInAShorterOne() {
        Bold small = walk(5, 60, 2);
        long[] before = new FastDynamics().histogram(small, 20, 1);
        dynamics.histogram(walk(9, 300, 1), 20, 1);
        assertThat(dynamics.histogram(small, 20, 1)).containsExactly(before);
    }

    @Test
    void withoutVectorsTheCountsAreTheSame() {
        Bold bold = walk(11, 250, 3);
        assertThat(new FastDynamics(new ScalarGram()).histogram(bold, 30, 1))
                .containsExactly(dynamics.histogram(bold, 30, 1));
    }

    @Test
    void aConstantSeriesHasNoDynamicsToCount() {
        assertThat(Arrays.stream(dynamics.histogram(new Bold(50, 4, new double[200]), 20, 1))
                        .sum())
                .isZero();
    }

    @Test
    void tooFewFramesAreRefused() {
        assertThatThrownBy(() -> dynamics.histogram(walk(3, 50, 1), 50, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("50 frames give no two windows");
    }

    @Test
    void connectivityEqualsThePublishedMatrix() throws IOException {
        Bold bold = new Bold(1_200, 68, MeanFieldReference.numbers("D_full_philox/bold_cand0_1200x68_f64.npy"));
        assertThat(FunctionalConnectivity.of(bold))
                .containsExactly(
                        FunctionalConnectivity.upperTriangle(MeanFieldReference.square("D_full_philox/FC_cand0.npy")),
                        within(1e-12));
    }

    private static double distance(long[] one, long[] other) {
        return Costs.kolmogorovSmirnov(cumulative(one), cumulative(other));
    }

    private static double[] cumulative(long[] counts) {
        return ConnectivityDynamics.cumulative(
                Arrays.stream(counts).asDoubleStream().toArray());
    }

    /** Autocorrelated series with a common part. */
    private static Bold walk(int regions, int frames, long seed) {
        Random random = new Random(seed);
        double[] values = new double[frames * regions];
        for (int frame = 0; frame < frames; frame++) {
            double common = random.nextGaussian();
            for (int region = 0; region < regions; region++) {
                double before = frame == 0 ? 0 : values[(frame - 1) * regions + region];
                values[frame * regions + region] = .9 * before + common * region / regions + random.nextGaussian();
            }
        }
        return new Bold(frames, regions, values);
    }
}
