package org.commissure.models.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeuralOdeTest {
    private static final int PARCELS = 4;
    private static final int HORIZON = 3;

    private final VectorField field = new VectorField(PARCELS, 5);
    private final NeuralOde ode = new NeuralOde(field);

    private static double[] normal(int n, SplittableRandom random) {
        return random.doubles(n).map(u -> 4 * u - 2).toArray();
    }

    @Test
    void gradientsAreThoseOfCentralDifferencesThroughTheSolver() {
        var random = new SplittableRandom(3);
        float[] parameters = new float[field.layout().parameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.5 * random.nextGaussian());
        }
        double[] start = normal(PARCELS, random);
        double[][] truth = new double[HORIZON][];
        for (int step = 0; step < HORIZON; step++) {
            truth[step] = normal(PARCELS, random);
        }
        double[] gradient = new double[parameters.length];
        ode.addGradient(parameters, start, truth, gradient);
        double[] unused = new double[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            float centre = parameters[i];
            parameters[i] = centre + 1e-3f;
            float high = parameters[i];
            double above = ode.addGradient(parameters, start, truth, unused);
            parameters[i] = centre - 1e-3f;
            double below = ode.addGradient(parameters, start, truth, unused);
            double slope = (above - below) / ((double) high - parameters[i]);
            parameters[i] = centre;
            assertThat(gradient[i]).as("parameter %d", i).isCloseTo(slope, within(1e-5 + 1e-5 * Math.abs(slope)));
        }
        assertThat(gradient).doesNotContain(0);
    }

    @Test
    void withoutCouplingEveryParcelFallsBackToItsMeanExponentially() {
        float[] parameters = new float[field.layout().parameterCount()];
        parameters[0] = 1; // softplus(1) = 1.3133, softplus(0) = log 2
        double[][] states = ode.solve(parameters, new double[] {2, -1, 1, 0}, 2);
        // Runge–Kutta of fourth order with half a frame a step: .01 % and .001 % off.
        assertThat(states[0][0]).isCloseTo(2 * Math.exp(-1.3132617), within(2e-3));
        assertThat(states[1][1]).isCloseTo(-0.25, within(2e-4));
        assertThat(states[1][3]).isZero();
    }
}
