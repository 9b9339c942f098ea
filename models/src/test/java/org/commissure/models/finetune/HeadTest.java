package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.commissure.models.brainlm.Pooling;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadTest {
    private static final float STEP = 0.002f;

    @ParameterizedTest
    @EnumSource(Task.class)
    void gradientsAreTheLossesSlopes(Task task) {
        boolean regression = task == Task.REGRESSION;
        HeadSettings settings = new HeadSettings(
                task, regression ? 1 : 3, Pooling.CLS, false, TargetScale.Kind.Z_SCORE, 0, 1e-3, 1e-4, 1, 2, 1, 1);
        var random = new SplittableRandom(5);
        float[][] rows = new float[4][8];
        float[][] labels = new float[4][settings.classes()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 8; j++) {
                rows[i][j] = (float) random.nextGaussian();
            }
            labels[i][regression ? 0 : i % 3] = 1;
        }
        try (var head = new Head(8, settings)) {
            float[] parameters = new float[head.layout().parameterCount()];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = (float) (0.5 * random.nextGaussian());
            }
            float[] gradient = new float[parameters.length];
            head.load(parameters);
            float[][] dRows = head.gradient(rows, labels, 1, gradient);
            double loss = loss(head, rows, labels, regression);
            double norm = 0;
            for (int i = 0; i < parameters.length; i++) {
                float centre = parameters[i];
                parameters[i] = centre + STEP;
                head.load(parameters);
                double above = (loss(head, rows, labels, regression) - loss) / STEP;
                parameters[i] = centre - STEP;
                head.load(parameters);
                double below = (loss - loss(head, rows, labels, regression)) / STEP;
                parameters[i] = centre;
                isOneOf("parameter " + i, gradient[i], above, below);
                norm += gradient[i] * gradient[i];
            }
            assertThat(norm).isGreaterThan(0.01);
            head.load(parameters);
            for (int j = 0; j < 8; j++) {
                float centre = rows[2][j];
                rows[2][j] = centre + STEP;
                double above = (loss(head, rows, labels, regression) - loss) / STEP;
                rows[2][j] = centre - STEP;
                double below = (loss - loss(head, rows, labels, regression)) / STEP;
                rows[2][j] = centre;
                isOneOf("input " + j, dRows[2][j], above, below);
            }
        }
    }

    /** ReLU has kinks: where one lies within the step, the slope of the other side is the derivative. */
    private static void isOneOf(String what, double derivative, double above, double below) {
        double nearer = Math.abs(derivative - above) < Math.abs(derivative - below) ? above : below;
        assertThat(derivative).as(what).isCloseTo(nearer, within(6e-3));
    }

    private static double loss(Head head, float[][] rows, float[][] labels, boolean regression) {
        float[][] outputs = head.outputs(rows);
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < labels[i].length; k++) {
                sum += regression ? Math.pow(outputs[i][k] - labels[i][k], 2) : -labels[i][k] * Math.log(outputs[i][k]);
            }
        }
        return sum / rows.length;
    }
}
