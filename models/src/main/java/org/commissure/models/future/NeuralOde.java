package org.commissure.models.future;

import java.util.ArrayList;
import java.util.List;

/**
 * A neural ordinary differential equation (Chen et al. 2018): all parcels' values move along {@link VectorField} from the
 * last frame on, by the classical Runge–Kutta method with {@value #STEPS_A_FRAME} steps a frame. Gradients are those of
 * the steps themselves, taken backwards (discretise, then optimise), and not of an adjoint equation: they are exact for
 * what is computed. Not thread-safe.
 */
final class NeuralOde {
    private static final int STEPS_A_FRAME = 2;
    private static final double H = 1.0 / STEPS_A_FRAME;

    private final VectorField field;

    NeuralOde(VectorField field) {
        this.field = field;
    }

    /** The four places of one step at which the field was asked, and what it kept there. */
    @SuppressWarnings("ArrayRecordComponent") // between two passes; never compared
    private record Step(double[][] places, double[][] activations) {}

    /** @return {@code [horizon][parcels]} */
    double[][] solve(float[] parameters, double[] start, int horizon) {
        return solve(parameters, start, horizon, new ArrayList<>());
    }

    private double[][] solve(float[] parameters, double[] start, int horizon, List<Step> steps) {
        double[][] states = new double[horizon][];
        double[] x = start;
        for (int frame = 0; frame < horizon; frame++) {
            for (int i = 0; i < STEPS_A_FRAME; i++) {
                x = step(parameters, x, steps);
            }
            states[frame] = x;
        }
        return states;
    }

    private double[] step(float[] parameters, double[] x, List<Step> steps) {
        int parcels = field.parcels();
        double[][] places = new double[4][];
        double[][] activations = new double[4][field.hidden()];
        double[] slope = new double[parcels];
        double[] next = x.clone();
        for (int stage = 0; stage < 4; stage++) {
            places[stage] = stage == 0 ? x : plus(x, reach(stage), slope);
            field.forward(parameters, places[stage], activations[stage], slope);
            for (int p = 0; p < parcels; p++) {
                next[p] += weight(stage) * slope[p];
            }
        }
        steps.add(new Step(places, activations));
        return next;
    }

    /** How far along the slope of the stage before this one stands. */
    private static double reach(int stage) {
        return stage == 3 ? H : H / 2;
    }

    private static double weight(int stage) {
        return stage == 0 || stage == 3 ? H / 6 : H / 3;
    }

    private static double[] plus(double[] x, double factor, double[] slope) {
        double[] sum = x.clone();
        for (int p = 0; p < sum.length; p++) {
            sum[p] += factor * slope[p];
        }
        return sum;
    }

    /**
     * Adds the gradient of the mean squared error over all frames and parcels.
     *
     * @param truth {@code [horizon][parcels]}
     * @return the error
     */
    double addGradient(float[] parameters, double[] start, double[][] truth, double[] gradient) {
        List<Step> steps = new ArrayList<>();
        double[][] states = solve(parameters, start, truth.length, steps);
        int parcels = field.parcels();
        double values = (double) truth.length * parcels;
        double error = 0;
        double[] dx = new double[parcels];
        for (int frame = truth.length - 1; frame >= 0; frame--) {
            for (int p = 0; p < parcels; p++) {
                double difference = states[frame][p] - truth[frame][p];
                error += difference * difference / values;
                dx[p] += 2 * difference / values;
            }
            for (int i = STEPS_A_FRAME - 1; i >= 0; i--) {
                backward(parameters, steps.get(frame * STEPS_A_FRAME + i), dx, gradient);
            }
        }
        return error;
    }

    /** @param dx on entry the gradient of the step's end, on return of its start */
    private void backward(float[] parameters, Step step, double[] dx, double[] gradient) {
        int parcels = field.parcels();
        double[] dEnd = dx.clone();
        double[] dPlace = new double[parcels];
        double[] dSlope = new double[parcels];
        for (int stage = 3; stage >= 0; stage--) {
            for (int p = 0; p < parcels; p++) {
                dSlope[p] = weight(stage) * dEnd[p] + (stage == 3 ? 0 : reach(stage + 1) * dPlace[p]);
            }
            field.backward(parameters, step.places()[stage], step.activations()[stage], dSlope, dPlace, gradient);
            for (int p = 0; p < parcels; p++) {
                dx[p] += dPlace[p];
            }
        }
    }
}
