package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadSlopeTest {
    private static final int WIDTH = 8;

    @ParameterizedTest
    @EnumSource(Task.class)
    void itSaysWhatTheHeadSaysAndHasItsSlope(Task task) {
        boolean regression = task == Task.REGRESSION;
        HeadSettings settings = regression
                ? HeadSettings.regression(Pooling.CLS, false, 1)
                : HeadSettings.classification(3, Pooling.CLS, false, 1);
        var random = new SplittableRandom(5);
        ParameterLayout layout = HeadShape.brainLm(WIDTH).layout(WIDTH, settings.classes());
        float[] parameters = new float[layout.parameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.5 * random.nextGaussian());
        }
        float[] row = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            row[j] = (float) random.nextGaussian();
        }
        int output = regression ? 0 : 1;
        HeadSlope slope = HeadSlope.of(layout, parameters, task, row, output);
        try (var head = new Head(WIDTH, settings)) {
            head.load(parameters);
            double p = head.outputs(new float[][] {row})[0][output];
            assertThat(slope.value()).isCloseTo(regression ? p : Math.log(p / (1 - p)), within(1e-4));
        }
        double size = 0;
        for (int j = 0; j < WIDTH; j++) {
            float centre = row[j];
            row[j] = centre + 1e-3f;
            double above = HeadSlope.of(layout, parameters, task, row, output).value();
            row[j] = centre - 1e-3f;
            double below = HeadSlope.of(layout, parameters, task, row, output).value();
            row[j] = centre;
            assertThat(slope.gradient()[j]).isCloseTo((float) ((above - below) / 2e-3), within(2e-3f));
            size += Math.abs(slope.gradient()[j]);
        }
        assertThat(size).isGreaterThan(0.1);
    }
}
