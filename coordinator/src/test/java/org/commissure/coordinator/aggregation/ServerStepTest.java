package org.commissure.coordinator.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.ServerOptimiser;
import org.commissure.protocol.study.ServerOptimiser.Rule;
import org.commissure.protocol.study.SharedPart;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ServerStepTest {
    private static final double UNIT = 0x1p-30;

    @TempDir
    private Path folder;

    private static ServerOptimiser optimiser(Rule rule) {
        return new ServerOptimiser(rule, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** A mean update of those values. */
    private static UpdateStep update(double... values) {
        RingVector sum = RingVector.zeros(new Ring(Long.SIZE), values.length);
        for (int i = 0; i < values.length; i++) {
            sum.set(i, -Math.round(values[i] / UNIT));
        }
        return UpdateStep.ofGradient(sum, SharedPart.whole(values.length), UNIT, Double.MAX_VALUE);
    }

    private static float[] values(ModelStore.StoredModel model) throws IOException {
        float[] values = new float[(int) model.parameterCount()];
        try (InputStream in = model.data(0)) {
            ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
        }
        return values;
    }

    @Test
    void adamAndYogiAreThoseOfThePaperComputedByHand() throws Exception {
        // One parameter, updates 1 and then −0.5, β₁ = 0.9, β₂ = 0.99, τ = 0.001, η = 0.1.
        double m1 = 0.1;
        double adam1 = 0.99 * 1e-6 + 0.01;
        double yogi1 = 1e-6 + 0.01;
        double m2 = 0.9 * m1 - 0.05;
        double adam2 = 0.99 * adam1 + 0.01 * 0.25;
        double yogi2 = yogi1 + 0.01 * 0.25;
        assertThat(afterTwo(Rule.ADAM, 0.1))
                .isCloseTo(
                        (float) (0.1 * m1 / (Math.sqrt(adam1) + 1e-3) + 0.1 * m2 / (Math.sqrt(adam2) + 1e-3)),
                        within(1e-7f));
        assertThat(afterTwo(Rule.YOGI, 0.1))
                .isCloseTo(
                        (float) (0.1 * m1 / (Math.sqrt(yogi1) + 1e-3) + 0.1 * m2 / (Math.sqrt(yogi2) + 1e-3)),
                        within(1e-7f));
        assertThat(afterTwo(Rule.MOMENTUM, 10)).isCloseTo((float) (10 * m1 + 10 * m2), within(1e-6f));
    }

    private float afterTwo(Rule rule, double learningRate) throws Exception {
        ModelStore models = new ModelStore(folder.resolve(rule.name()));
        ServerStep step = new ServerStep(optimiser(rule), learningRate);
        ModelStore.StoredModel first = models.zeros(Map.of("w", 1));
        ModelStore.StoredModel second = step.apply(models, first, update(1), true);
        return values(step.apply(models, second, update(-0.5), false))[0];
    }

    @Test
    void aStepThatIsTakenAgainAfterACrashEndsInTheSameModel() throws Exception {
        ModelStore models = new ModelStore(folder);
        ServerStep step = new ServerStep(optimiser(Rule.YOGI), 0.1);
        ModelStore.StoredModel model = models.zeros(Map.of("w", 3));
        for (int round = 0; round < 4; round++) {
            UpdateStep update = update(0.3, -0.1 * round, 0.01);
            ModelStore.StoredModel next = step.apply(models, model, update, round == 0);
            assertThat(step.apply(models, model, update, round == 0).sha256()).isEqualTo(next.sha256());
            model = next;
        }
        assertThat(moments()).as("this model's, and those of the one before").hasSize(2);
    }

    @Test
    void whatIsMissingOrDamagedIsSaidAndNoModelFollows() throws Exception {
        ModelStore models = new ModelStore(folder);
        ServerStep step = new ServerStep(optimiser(Rule.ADAM), 0.1);
        ModelStore.StoredModel first = models.zeros(Map.of("w", 2));
        ModelStore.StoredModel model = step.apply(models, first, update(1, 2), true);
        Path file = moments().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int cut : new int[] {0, 7, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, cut));
            refuses(step, models, model, "is damaged");
        }
        for (int flipped = 0; flipped < whole.length; flipped++) {
            byte[] bytes = whole.clone();
            bytes[flipped] ^= 1;
            Files.write(file, bytes);
            refuses(step, models, model, "is damaged");
        }
        Files.delete(file);
        refuses(step, models, model, "is missing");
    }

    private void refuses(ServerStep step, ModelStore models, ModelStore.StoredModel model, String why)
            throws IOException {
        assertThatThrownBy(() -> step.apply(models, model, update(1, 2), false))
                .isInstanceOf(UpdateStep.UnusableSumException.class)
                .hasMessageContaining(why);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    private List<Path> moments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".moments")).toList();
        }
    }

    /**
     * Three sites whose own optima lie far apart, under a curvature of 10 along one axis and of 0.01 along the other: what
     * makes plain averaging slow.
     */
    @ParameterizedTest
    @EnumSource(Rule.class)
    void onSitesThatDifferItComesNearerInFortyRoundsThanPlainAveraging(Rule rule) throws Exception {
        double averaged = excessLoss(null);
        double adaptive = excessLoss(rule);
        System.out.printf("%s: excess loss %.4f, plain averaging %.4f%n", rule, adaptive, averaged);
        assertThat(adaptive).isLessThan(averaged / 2);
    }

    private double excessLoss(@Nullable Rule rule) throws Exception {
        double[] curvature = {10, 0.01};
        double[][] optima = {{1.1, 5}, {-1, -4}, {0.2, 8}};
        double[] optimum = {0.1, 3};
        ModelStore models = new ModelStore(folder.resolve("loss-" + rule));
        ModelStore.StoredModel model = models.zeros(Map.of("w", 2));
        for (int round = 0; round < 40; round++) {
            float[] at = values(model);
            double[] mean = new double[2];
            for (double[] own : optima) {
                for (int axis = 0; axis < 2; axis++) {
                    double x = at[axis];
                    for (int local = 0; local < 5; local++) {
                        x -= 0.05 * curvature[axis] * (x - own[axis]);
                    }
                    mean[axis] += (x - at[axis]) / optima.length;
                }
            }
            model = rule == null
                    ? update(mean).apply(models, model)
                    : new ServerStep(optimiser(rule), rule == Rule.MOMENTUM ? 10 : 0.1)
                            .apply(models, model, update(mean), round == 0);
        }
        float[] end = values(model);
        double excess = 0;
        for (int axis = 0; axis < 2; axis++) {
            excess += curvature[axis] / 2 * Math.pow(end[axis] - optimum[axis], 2);
        }
        return excess;
    }
}
