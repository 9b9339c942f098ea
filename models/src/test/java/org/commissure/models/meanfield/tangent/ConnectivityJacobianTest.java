package org.commissure.models.meanfield.tangent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConnectivityJacobianTest {
    private static final int REGIONS = 6;
    private static final Timing SHORT = new Timing(0.01, 500, 6_000, 72, 10);
    private static final PhiloxNoise NOISE = PhiloxNoise.of(11, 0);

    private final Random random = new Random(5);
    private final Connectome connectome = Connectome.scaling(strengths());
    private final RegionalParameters parameters = parameters();

    private double[][] strengths() {
        double[][] strengths = new double[REGIONS][REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            for (int j = 0; j < i; j++) {
                strengths[i][j] = random.nextDouble();
                strengths[j][i] = strengths[i][j];
            }
        }
        strengths[0][1] = 0;
        strengths[1][0] = 0;
        return strengths;
    }

    private RegionalParameters parameters() {
        double[] w = new double[REGIONS];
        double[] input = new double[REGIONS];
        double[] noise = new double[REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            w[i] = 0.4 + 0.2 * random.nextDouble();
            input[i] = 0.28 + 0.04 * random.nextDouble();
            noise[i] = 0.001 + 0.002 * random.nextDouble();
        }
        return new RegionalParameters(w, input, 1.3, noise);
    }

    @ParameterizedTest
    @EnumSource(Haemodynamics.class)
    void derivativesAreThoseOfFiniteDifferencesInDoublePrecision(Haemodynamics haemodynamics) throws Exception {
        List<Direction> directions = directions();
        ConnectivityJacobian jacobian =
                ConnectivityJacobian.of(connectome, parameters, directions, haemodynamics, SHORT, NOISE, 2);
        assertThat(jacobian.isFinite()).isTrue();
        for (int lane = 0; lane < directions.size(); lane++) {
            double h = 1e-5;
            double[] up = connectivity(moved(directions.get(lane), h), haemodynamics);
            double[] down = connectivity(moved(directions.get(lane), -h), haemodynamics);
            double scale = 0;
            for (int pair = 0; pair < up.length; pair++) {
                scale = Math.max(scale, Math.abs(up[pair] - down[pair]) / (2 * h));
            }
            assertThat(scale).as("lane " + lane + " changes something").isGreaterThan(1e-4);
            for (int pair = 0; pair < up.length; pair++) {
                double expected = (up[pair] - down[pair]) / (2 * h);
                assertThat(jacobian.derivatives()[lane][pair])
                        .as("lane %s, pair %s", lane, pair)
                        .isCloseTo(expected, within(2e-3 * scale));
            }
        }
    }

    @Test
    void theConnectivityIsThatOfTheReferenceEngine() throws Exception {
        ConnectivityJacobian jacobian =
                ConnectivityJacobian.of(connectome, parameters, directions(), Haemodynamics.WANG_2018, SHORT, NOISE, 1);
        assertThat(jacobian.correlation())
                .containsExactly(connectivity(parameters, Haemodynamics.WANG_2018), within(1e-9));
    }

    @Test
    void aDirectionOfAnotherSizeIsRefused() {
        Direction small = new Direction(new double[2], new double[2], 1, new double[2]);
        assertThatThrownBy(() -> ConnectivityJacobian.of(
                        connectome, parameters, List.of(small), Haemodynamics.KONG_2021, SHORT, NOISE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 regions");
    }

    /** Each kind of parameter in one region, G, σ everywhere, and one that mixes all. */
    private static List<Direction> directions() {
        List<Direction> all = new ArrayList<>();
        all.add(new Direction(one(2), new double[REGIONS], 0, new double[REGIONS]));
        all.add(new Direction(new double[REGIONS], one(4), 0, new double[REGIONS]));
        all.add(new Direction(new double[REGIONS], new double[REGIONS], 1, new double[REGIONS]));
        all.add(new Direction(new double[REGIONS], new double[REGIONS], 0, scaled(0.01)));
        all.add(new Direction(one(0), one(1), -0.5, scaled(0.002)));
        return all;
    }

    private static double[] one(int region) {
        double[] values = new double[REGIONS];
        values[region] = 1;
        return values;
    }

    private static double[] scaled(double value) {
        double[] values = new double[REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            values[i] = value * (1 + i % 2);
        }
        return values;
    }

    private RegionalParameters moved(Direction direction, double by) {
        return new RegionalParameters(
                moved(parameters.recurrence(), direction.recurrence(), by),
                moved(parameters.input(), direction.input(), by),
                parameters.coupling() + by * direction.coupling(),
                moved(parameters.noise(), direction.noise(), by));
    }

    private static double[] moved(double[] values, double[] along, double by) {
        double[] moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += by * along[i];
        }
        return moved;
    }

    private double[] connectivity(RegionalParameters candidate, Haemodynamics haemodynamics) {
        try (ReferenceSimulator simulator = new ReferenceSimulator()) {
            Bold bold = simulator
                    .simulate(connectome, List.of(candidate), haemodynamics, SHORT, NOISE)
                    .getFirst();
            return FunctionalConnectivity.of(bold.after(SHORT.discardedFrames()));
        }
    }
}
