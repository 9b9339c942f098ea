package org.commissure.models.meanfield.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.ExplicitNoise;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.ZeroNoise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class VectorSimulatorTest {
    private static final Timing SHORT = new Timing(.01, 100, 1_501, 72, 3);
    private static final long SEED = 20_261_121;

    private final VectorSimulator vectors = new VectorSimulator();
    private final VectorSimulator scalar = new VectorSimulator(new ScalarKernel());
    private final ReferenceSimulator reference = new ReferenceSimulator();

    @Test
    void publishedParametersWithGivenNoiseEqualTheReferenceWithinFiveThousandths() throws IOException {
        double[] expected = MeanFieldReference.numbers("A_short_explicit/bold_ref_f64_cand_frame_node.npy");
        double[] values = MeanFieldReference.numbers("A_short_explicit/noise_f32.npy");
        float[] noise = new float[values.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) values[i];
        }
        List<RegionalParameters> candidates = new ArrayList<>();
        for (int candidate = 0; candidate < 10; candidate++) {
            candidates.add(MeanFieldReference.published(candidate));
        }
        List<Bold> bold = vectors.simulate(
                MeanFieldReference.connectome("train"),
                candidates,
                Haemodynamics.KONG_2021,
                new Timing(.01, 1_000, 15_601, 72, 167),
                new ExplicitNoise(68, noise));
        for (int candidate = 0; candidate < 10; candidate++) {
            int size = 217 * 68;
            assertThat(bold.get(candidate).values())
                    .containsExactly(
                            Arrays.copyOfRange(expected, candidate * size, (candidate + 1) * size), within(5e-3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothPresetsFollowTheDoubleEngine(Haemodynamics preset) {
        List<RegionalParameters> candidates = candidates(7, 5, new Random(SEED));
        for (Noise noise : List.of(new ZeroNoise(), PhiloxNoise.of(SEED, 3))) {
            List<Bold> exact = reference.simulate(ring(7), candidates, preset, SHORT, noise);
            List<Bold> fast = vectors.simulate(ring(7), candidates, preset, SHORT, noise);
            for (int i = 0; i < candidates.size(); i++) {
                assertThat(fast.get(i).values()).containsExactly(exact.get(i).values(), within(2e-3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void scalarsAndVectorsOfAnyWidthGiveTheSameBits(Haemodynamics preset) {
        for (int count : new int[] {1, 3, scalar.batch(), vectors.batch() + 1, 2 * vectors.batch() + 5}) {
            List<RegionalParameters> candidates = candidates(5, count, new Random(count));
            Noise noise = PhiloxNoise.of(SEED, count);
            assertSameBits(
                    vectors.simulate(ring(5), candidates, preset, SHORT, noise),
                    scalar.simulate(ring(5), candidates, preset, SHORT, noise));
        }
    }

    @Test
    void aCandidateHasTheSameBitsInAnyCompany() {
        List<RegionalParameters> candidates = candidates(5, vectors.batch() + 3, new Random(SEED));
        Noise noise = PhiloxNoise.of(SEED, 0);
        List<Bold> together = simulate(vectors, ring(5), candidates, noise);
        for (int i = 0; i < candidates.size(); i += 7) {
            List<Bold> alone = simulate(vectors, ring(5), candidates.subList(i, i + 1), noise);
            assertSameBits(alone, together.subList(i, i + 1));
        }
    }

    @Test
    void aCandidateThatDivergesIsNotFiniteAndLeavesTheOthersAlone() {
        List<RegionalParameters> candidates = candidates(5, 9, new Random(SEED));
        Noise noise = PhiloxNoise.of(SEED, 0);
        List<Bold> before = simulate(vectors, ring(5), candidates, noise);
        List<RegionalParameters> mixed = new ArrayList<>(candidates);
        mixed.set(2, RegionalParameters.homogeneous(5, .5, .3, 2, 1e30));
        mixed.set(4, RegionalParameters.homogeneous(5, .5, .3, 2, 5));
        mixed.set(6, RegionalParameters.homogeneous(5, 1e9, 1e9, 1e9, .001));
        mixed.set(7, RegionalParameters.homogeneous(5, -1e30, 1e30, 1e38, 1e20));
        List<Bold> after = simulate(vectors, ring(5), mixed, noise);
        for (int i : new int[] {2, 4, 7}) {
            assertThat(after.get(i).isFinite()).as("candidate " + i).isFalse();
            assertThat(simulate(reference, ring(5), List.of(mixed.get(i)), noise)
                            .getFirst()
                            .isFinite())
                    .isFalse();
        }
        for (int i : new int[] {0, 1, 3, 5, 8}) {
            assertSameBits(after.subList(i, i + 1), before.subList(i, i + 1));
        }
    }

    @Test
    void aDriveOfExactlyNothingIsNoDivisionOfZeroByZero() {
        double input = 108 / 270.0; // with w = G = 0 the drive is as near 0 as numbers get
        List<RegionalParameters> still = List.of(RegionalParameters.homogeneous(2, 0, input, 0, 0));
        Bold bold = simulate(vectors, ring(2), still, new ZeroNoise()).getFirst();
        assertThat(bold.isFinite()).isTrue();
        assertThat(bold.values())
                .containsExactly(
                        simulate(reference, ring(2), still, new ZeroNoise())
                                .getFirst()
                                .values(),
                        within(1e-3));
    }

    @Test
    void otherClocksAreFollowed() {
        Timing slow = Timing.of(2, 20);
        List<RegionalParameters> candidates = candidates(4, 2, new Random(SEED));
        Bold exact = reference
                .simulate(ring(4), candidates, Haemodynamics.KONG_2021, slow, PhiloxNoise.of(1, 1))
                .getLast();
        Bold fast = vectors.simulate(ring(4), candidates, Haemodynamics.KONG_2021, slow, PhiloxNoise.of(1, 1))
                .getLast();
        assertThat(fast.frames()).isEqualTo(80);
        assertThat(fast.values()).containsExactly(exact.values(), within(3e-3));
    }

    @Test
    void candidatesOfOtherRegionsAndClosedEnginesAreRefused() {
        assertThatThrownBy(() -> simulate(vectors, ring(3), candidates(4, 1, new Random(1)), new ZeroNoise()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 regions, but the structural connectome has 3");
        vectors.close();
        assertThatThrownBy(() -> simulate(vectors, ring(3), candidates(3, 1, new Random(1)), new ZeroNoise()))
                .isInstanceOf(IllegalStateException.class);
    }

    static Connectome ring(int regions) {
        double[][] weights = new double[regions][regions];
        for (int i = 0; i < regions; i++) {
            weights[i][(i + 1) % regions] = 1 + i % 3;
            weights[(i + 1) % regions][i] = 1 + i % 3;
        }
        return Connectome.scaling(weights);
    }

    /** In the middle of the published bounds, where two precisions stay together. */
    static List<RegionalParameters> candidates(int regions, int count, Random random) {
        List<RegionalParameters> candidates = new ArrayList<>();
        for (int candidate = 0; candidate < count; candidate++) {
            double[] vector = new double[3 * regions + 1];
            for (int i = 0; i < vector.length; i++) {
                double part = random.nextDouble();
                vector[i] = i < regions
                        ? .3 + .4 * part
                        : i < 2 * regions ? .28 + .05 * part : i == 2 * regions ? 1 + part : .001 + .004 * part;
            }
            candidates.add(RegionalParameters.ofVector(vector));
        }
        return candidates;
    }

    private static List<Bold> simulate(
            Simulator simulator, Connectome connectome, List<RegionalParameters> candidates, Noise noise) {
        return simulator.simulate(connectome, candidates, Haemodynamics.KONG_2021, SHORT, noise);
    }

    private static void assertSameBits(List<Bold> one, List<Bold> other) {
        assertThat(one).hasSameSizeAs(other);
        for (int i = 0; i < one.size(); i++) {
            assertThat(one.get(i).values())
                    .as("candidate " + i)
                    .containsExactly(other.get(i).values());
        }
    }
}
