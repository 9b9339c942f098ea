package org.commissure.models.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The original variant against numbers that the original code computed. */
class TorchOriginalTest {
    private static final double LOGITS = 2e-4;
    private static final double LOSS = 1e-5;

    /** After a step of Adam, whose direction is a rounding error where the gradient is one: kernels differ by processor. */
    private static final double LOSS_AFTER_STEPS = 1e-4;

    private static final double GRADIENT = 1e-3;
    private static final double STEPPED = 1e-5;

    /** Three steps of 1e-3, each the other way. */
    private static final double THREE_STEPS_APART = 6e-3;

    private GoldenCase golden;

    @BeforeEach
    void findTheReference() throws IOException {
        golden = GoldenCase.openOrSkip();
    }

    private TorchModel model(Loss loss) throws IOException {
        var model = TorchModel.onCpu(golden.configuration(loss), 1, Precision.FLOAT32);
        model.loadParameters(golden.flat(model.configuration().layout(), "weights"));
        return model;
    }

    @Test
    void lossAndPredictionsAreTheOriginals() throws IOException {
        float[] logits = golden.floats("outputs/logits");
        try (TorchModel model = model(Loss.MSE)) {
            double loss = 0;
            List<Example> batch = golden.batch(0.2);
            for (int sample = 0; sample < batch.size(); sample++) {
                loss += comparePredictions(model, batch.get(sample), GoldenCase.part(logits, sample)) / batch.size();
            }
            double expected = golden.manifest().get("loss").doubleValue();
            assertThat(loss).isCloseTo(expected, within(LOSS * expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.2, MAE", "0.5, MSE", "0.75, MSE"})
    void variantsAreTheOriginals(double maskRatio, Loss loss) throws IOException {
        String name = "mask" + maskRatio + "_" + (loss == Loss.MSE ? "mse" : "mae");
        Example example = golden.batch(maskRatio).getFirst();
        try (TorchModel model = model(loss)) {
            comparePredictions(model, example, golden.floats("variants/" + name + "/logits"));
            double expected =
                    golden.manifest().get("variants").get(name).get("loss").doubleValue();
            double actual = model.gradient(example.window(), example.mask(), new float[model.parameterCount()]);
            assertThat(actual).isCloseTo(expected, within(LOSS * expected));
        }
    }

    /** @return the mean squared error over the masked values */
    private static double comparePredictions(TorchModel model, Example example, float[] logits) {
        float[] everywhere = new float[example.window().length];
        model.logits(example.window(), example.mask(), everywhere);
        for (int at = 0; at < logits.length; at++) {
            assertThat((double) everywhere[at]).as("value %d", at).isCloseTo(logits[at], within(LOGITS));
        }
        float[] predicted = new float[example.window().length];
        double loss = model.reconstruct(example.window(), example.mask(), predicted);
        Mask mask = example.mask();
        for (int i = 0; i < mask.maskedCount(); i++) {
            for (int at = mask.masked(i) * 20; at < (mask.masked(i) + 1) * 20; at++) {
                assertThat((double) predicted[at]).as("value %d", at).isCloseTo(logits[at], within(LOGITS));
            }
        }
        return loss;
    }

    @Test
    void gradientsAreTheOriginals() throws IOException {
        try (TorchModel model = model(Loss.MSE)) {
            ParameterLayout layout = model.configuration().layout();
            float[] expected = golden.flat(layout, "grads");
            float[] mean = new float[expected.length];
            List<Example> batch = golden.batch(0.2);
            for (Example example : batch) {
                float[] gradient = new float[expected.length];
                model.gradient(example.window(), example.mask(), gradient);
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += gradient[i] / batch.size();
                }
            }
            for (ParameterLayout.Tensor tensor : layout.tensors()) {
                // The keys' bias has no effect on a softmax: both sides are rounding errors of the whole.
                double floor = 1e-7 * golden.manifest().get("grad_norm").doubleValue();
                assertThat(Differences.norm(expected, mean, tensor))
                        .as(tensor.name())
                        .isLessThanOrEqualTo(GRADIENT * Differences.norm(expected, tensor) + floor);
            }
        }
    }

    @Test
    void threeStepsOfAdamGoWhereTheOriginalsGo() throws IOException {
        compareAfterThreeSteps(AdamSettings.DEFAULT, StepSettings.plain(1e-3), "adam3");
    }

    @Test
    void threeStepsOfAdamWGoWhereTheOriginalsGo() throws IOException {
        var clipped = new StepSettings(1e-3, 1, 0, OptionalDouble.empty(), 0);
        compareAfterThreeSteps(AdamSettings.DEFAULT.withWeightDecay(0.05), clipped, "adamw3");
    }

    private void compareAfterThreeSteps(AdamSettings adam, StepSettings settings, String kind) throws IOException {
        try (TorchModel model = model(Loss.MSE)) {
            List<Example> batch = golden.batch(0.2);
            model.beginTraining(adam);
            for (int step = 0; step < 3; step++) {
                double expected = golden.manifest()
                        .get(kind)
                        .get("losses_before_step_0_1_2_and_after_3")
                        .get(step)
                        .doubleValue();
                double tolerance = step == 0 ? LOSS : LOSS_AFTER_STEPS;
                assertThat(model.step(batch, settings).loss()).isCloseTo(expected, within(tolerance * expected));
            }
            ParameterLayout layout = model.configuration().layout();
            float[] expected = golden.flat(layout, kind);
            float[] actual = new float[expected.length];
            model.readParameters(actual);
            int compared = 0;
            int apart = 0;
            for (ParameterLayout.Tensor tensor : layout.tensors()) {
                if (meansSomething(tensor.name())) {
                    compared += tensor.length();
                    apart += Differences.count(expected, actual, tensor, STEPPED);
                    assertThat(Differences.largest(expected, actual, tensor)).isLessThan(THREE_STEPS_APART);
                }
            }
            // Adam divides by a gradient's own size: where that is a rounding error, so is the step's direction. One
            // processor has .05 % of those, another .4 %; a wrong step is wrong everywhere.
            assertThat(apart).isLessThanOrEqualTo(compared / 100);
        }
    }

    /** A softmax does not see the keys' bias. */
    private static boolean meansSomething(String name) {
        return !name.endsWith("key.bias");
    }

    @Test
    void attentionRowsAddToOne() throws IOException {
        BrainLmConfiguration c = golden.configuration(Loss.MSE);
        try (TorchModel model = model(Loss.MSE)) {
            var maps = model.attention(golden.batch(0.2).getFirst().window(), 1);
            assertThat(maps.cls()).hasSize(c.tokens());
            for (int parcel = 0; parcel < c.parcels(); parcel++) {
                double row = 0;
                for (int other = 0; other < c.parcels(); other++) {
                    row += maps.parcels()[parcel * c.parcels() + other];
                }
                assertThat(row).isBetween(0.5, 1.0); // the rest is what CLS gets
            }
        }
    }

    @Test
    void aMaskWithAbsentTokensIsRefused() throws IOException {
        try (TorchModel model = model(Loss.MSE)) {
            Mask mask = Mask.of(48, new int[] {0, 1, 2}, new int[] {3});
            assertThatThrownBy(() -> model.gradient(new float[960], mask, new float[model.parameterCount()]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("44 of 48 are neither");
        }
    }
}
