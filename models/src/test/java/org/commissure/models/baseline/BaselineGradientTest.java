package org.commissure.models.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Every single derivative, against central differences of the same network in double precision. */
class BaselineGradientTest {
    private static final double STEP = 1e-5;

    @ParameterizedTest
    @EnumSource(Family.class)
    void everyDerivativeIsTheLossesSlope(Family family) {
        var given = BaselineCase.random(family, 11);
        float[] gradient = new float[given.parameters().length];
        float[] unused = gradient.clone();
        double[] at = new double[gradient.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = given.parameters()[i];
        }
        try (var model = new Baseline(given.configuration(), DataType.DOUBLE)) {
            model.loadParameters(at);
            model.gradient(given.window(), given.mask(), gradient);
            for (ParameterLayout.Tensor tensor : given.configuration().layout().tensors()) {
                double squares = 0;
                double difference = 0;
                for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                    double centre = at[i];
                    at[i] = centre + STEP;
                    model.loadParameters(at);
                    double above = model.gradient(given.window(), given.mask(), unused);
                    at[i] = centre - STEP;
                    model.loadParameters(at);
                    double below = model.gradient(given.window(), given.mask(), unused);
                    at[i] = centre;
                    double slope = (above - below) / (2 * STEP);
                    squares += slope * slope;
                    difference += Math.pow(gradient[i] - slope, 2);
                }
                // A convolution's bias in front of instance norm moves nothing.
                boolean normedAway = tensor.name().matches("conv.*bias");
                assertThat(Math.sqrt(squares)).as(tensor.name()).matches(norm -> normedAway || norm > 1e-3);
                assertThat(Math.sqrt(difference))
                        .as("%s of norm %g", tensor.name(), Math.sqrt(squares))
                        .isLessThan(1e-6 * Math.sqrt(squares) + 1e-9);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void singlePrecisionAgreesWithDouble(Family family) {
        var given = BaselineCase.random(family, 12);
        float[] single = new float[given.parameters().length];
        float[] exact = single.clone();
        double loss;
        try (var model = new Baseline(given.configuration(), DataType.DOUBLE)) {
            model.loadParameters(given.parameters());
            loss = model.gradient(given.window(), given.mask(), exact);
        }
        try (var model = Baselines.open(given.configuration())) {
            model.loadParameters(given.parameters());
            assertThat(model.gradient(given.window(), given.mask(), single)).isCloseTo(loss, within(1e-6 * loss));
            float[] prediction = new float[given.window().length];
            assertThat(model.reconstruct(given.window(), given.mask(), prediction))
                    .isCloseTo(loss, within(1e-6 * loss));
        }
        double norm = 0;
        double difference = 0;
        for (int i = 0; i < exact.length; i++) {
            norm += (double) exact[i] * exact[i];
            difference += Math.pow(exact[i] - single[i], 2);
        }
        assertThat(Math.sqrt(difference)).isLessThan(2e-6 * Math.sqrt(norm));
    }
}
