package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.RandomCoordinates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patients whose target is how strongly half of their parcels swing together, at two windows each. */
class FineTuningTest {
    private static final int PARCELS = 8;
    private static final int FRAMES = 12;
    private static final BrainLmConfiguration C =
            new BrainLmConfiguration(PARCELS, FRAMES, 4, 16, 1, 1, 2, 16, RandomCoordinates.of(PARCELS, 3));

    /** The target shifts the level of the first half of the parcels by itself, on top of noise. */
    private static List<LabelledWindow> windows(int patients, boolean classes, boolean shuffled, long seed) {
        var random = new SplittableRandom(seed);
        List<LabelledWindow> windows = new ArrayList<>();
        for (int patient = 0; patient < patients; patient++) {
            double trait = random.nextDouble(-1, 1);
            double claimed = shuffled ? random.nextDouble(-1, 1) : trait;
            double target = classes ? (claimed > 0 ? 1 : 0) : 40 + 20 * claimed;
            for (int w = 0; w < 2; w++) {
                float[] window = new float[PARCELS * FRAMES];
                for (int i = 0; i < window.length; i++) {
                    window[i] = (float) ((i < window.length / 2 ? trait : 0) + 0.5 * random.nextGaussian());
                }
                windows.add(new LabelledWindow(patient, window, target));
            }
        }
        return windows;
    }

    private static BrainLm encoder() {
        var encoder = new BrainLm(C, 1);
        float[] parameters = Initialisation.parameters(C, 1);
        var random = new SplittableRandom(6);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (0.05 * random.nextGaussian()); // attention begins silent: CLS would see nothing
        }
        encoder.loadParameters(parameters);
        return encoder;
    }

    private static double[][] truthAndPrediction(FineTunedModel model, List<LabelledWindow> test) {
        double[] truth = new double[test.size() / 2];
        double[] predicted = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = test.get(2 * i).target();
            predicted[i] = model.predict(List.of(
                    test.get(2 * i).window(), test.get(2 * i + 1).window()))[0];
        }
        return new double[][] {truth, predicted};
    }

    private static RegressionMetrics regress(boolean trained, boolean shuffled, Pooling pooling) {
        List<LabelledWindow> windows = windows(trained ? 120 : 200, false, shuffled, 7);
        var split = PatientSplit.of(windows, 1);
        HeadSettings settings =
                HeadSettings.regression(pooling, trained, 4).withEpochs(trained ? 15 : 60, trained ? 5 : 10);
        try (BrainLm encoder = encoder();
                FineTunedModel model = FineTuning.fit(
                        encoder,
                        PatientSplit.of(split.training(), windows),
                        PatientSplit.of(split.validation(), windows),
                        settings)) {
            double[][] result = truthAndPrediction(model, PatientSplit.of(split.test(), windows));
            return RegressionMetrics.of(result[0], result[1]);
        }
    }

    @Test
    void aFrozenEncodersMeanTellsTheTrait() {
        var metrics = regress(false, false, Pooling.MEAN);
        System.out.println("frozen, mean: " + metrics);
        assertThat(metrics.r2()).isGreaterThan(0.6);
        assertThat(metrics.pearson()).isGreaterThan(0.8);
    }

    @Test
    void shuffledTargetsCannotBeFound() {
        var metrics = regress(false, true, Pooling.MEAN);
        System.out.println("shuffled: " + metrics);
        assertThat(metrics.r2()).isBetween(-0.4, 0.15);
    }

    @Test
    void aTrainedEncodersClsLearnsTheTrait() {
        var trained = regress(true, false, Pooling.CLS);
        System.out.println("trained, CLS: " + trained);
        assertThat(trained.r2()).isGreaterThan(0.6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void classesAreFoundUnlessShuffled(boolean shuffled) {
        List<LabelledWindow> windows = windows(200, true, shuffled, 9);
        var split = PatientSplit.of(windows, 2);
        List<LabelledWindow> test = PatientSplit.of(split.test(), windows);
        try (BrainLm encoder = encoder();
                FineTunedModel model = FineTuning.fit(
                        encoder,
                        PatientSplit.of(split.training(), windows),
                        PatientSplit.of(split.validation(), windows),
                        HeadSettings.classification(2, Pooling.MEAN, false, 4).withEpochs(60, 10))) {
            int[] truth = test.stream().mapToInt(LabelledWindow::label).toArray();
            double[][] scores =
                    test.stream().map(w -> model.predict(w.window())).toArray(double[][]::new);
            for (double[] score : scores) {
                assertThat(score[0] + score[1]).isCloseTo(1, within(1e-5));
            }
            var metrics = ClassificationMetrics.of(truth, scores);
            System.out.println("classes" + (shuffled ? ", shuffled: " : ": ") + metrics);
            if (shuffled) {
                assertThat(metrics.auc()).isBetween(0.25, 0.75);
            } else {
                assertThat(metrics.auc()).isGreaterThan(0.9);
                assertThat(metrics.balancedAccuracy()).isGreaterThan(0.8);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSameSeedGivesTheSameBits(boolean trained) {
        assertThat(shortRun(trained, 5)).containsExactly(shortRun(trained, 5));
        assertThat(shortRun(trained, 5)).isNotEqualTo(shortRun(trained, 6));
    }

    private static double[] shortRun(boolean trained, long seed) {
        List<LabelledWindow> windows = windows(20, false, false, 3);
        var split = PatientSplit.of(windows, 1);
        try (BrainLm encoder = encoder();
                FineTunedModel model = FineTuning.fit(
                        encoder,
                        PatientSplit.of(split.training(), windows),
                        PatientSplit.of(split.validation(), windows),
                        HeadSettings.regression(Pooling.MEAN, trained, seed).withEpochs(3, 3))) {
            return truthAndPrediction(model, PatientSplit.of(split.test(), windows))[1];
        }
    }

    @Test
    void aSavedModelPredictsTheSame(@TempDir Path folder) throws IOException {
        List<LabelledWindow> windows = windows(20, false, false, 3);
        var split = PatientSplit.of(windows, 1);
        float[] window = windows.getFirst().window();
        HeadSettings settings =
                HeadSettings.regression(Pooling.CLS, true, 1).withEpochs(2, 2).withScaling(TargetScale.Kind.LOG_MAX);
        double[] expected;
        try (BrainLm encoder = encoder();
                FineTunedModel model = FineTuning.fit(
                        encoder,
                        PatientSplit.of(split.training(), windows),
                        PatientSplit.of(split.validation(), windows),
                        settings)) {
            expected = model.predict(window);
            model.save(folder, Map.of("note", "x"));
        }
        try (BrainLm encoder = new BrainLm(C, 1);
                FineTunedModel model = FineTunedModel.load(folder, shape -> encoder)) {
            assertThat(model.predict(window)).containsExactly(expected);
            assertThat(model.settings()).isEqualTo(settings);
        }
        Path head = folder.resolve("head.safetensors");
        byte[] bytes = Files.readAllBytes(head);
        Files.write(head, Arrays.copyOf(bytes, bytes.length - 4));
        try (BrainLm encoder = new BrainLm(C, 1)) {
            assertThatIOException().isThrownBy(() -> FineTunedModel.load(folder, shape -> encoder));
        }
    }

    @Test
    void noPatientIsOnTwoSides() {
        List<LabelledWindow> windows = windows(50, false, false, 1);
        var split = PatientSplit.of(windows, 8);
        Set<Integer> all = new HashSet<>(split.training());
        all.addAll(split.validation());
        all.addAll(split.test());
        assertThat(all).hasSize(50);
        assertThat(List.of(
                        split.training().size(),
                        split.validation().size(),
                        split.test().size()))
                .containsExactly(30, 10, 10);
        assertThat(PatientSplit.of(windows, 8)).isEqualTo(split);
        assertThat(PatientSplit.of(windows, 9)).isNotEqualTo(split);
    }

    @Test
    void whatCannotBeLearntIsRefused() {
        List<LabelledWindow> windows = windows(10, true, false, 1);
        HeadSettings regression = HeadSettings.regression(Pooling.CLS, false, 1);
        HeadSettings three = HeadSettings.classification(3, Pooling.CLS, false, 1);
        List<LabelledWindow> same = windows.subList(0, 2).stream()
                .map(w -> new LabelledWindow(1, w.window(), 5))
                .toList();
        try (BrainLm encoder = encoder()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FineTuning.fit(encoder, windows, windows, regression))
                    .withMessageContaining("both sides");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FineTuning.fit(encoder, windows, List.of(), regression));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FineTuning.fit(encoder, windows.subList(0, 10), windows.subList(10, 20), three))
                    .withMessageContaining("from 0 to 2");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FineTuning.fit(encoder, same, windows.subList(10, 20), regression))
                    .withMessageContaining("same target");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new LabelledWindow(1, new float[1], Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> PatientSplit.of(windows.subList(0, 6), 1));
    }

    @Test
    void scalesComeBack() {
        var z = TargetScale.of(TargetScale.Kind.Z_SCORE, new double[] {1, 3});
        assertThat(z.scaled(5)).isCloseTo(3, within(1e-12));
        assertThat(z.original(3)).isCloseTo(5, within(1e-12));
        var log = TargetScale.of(TargetScale.Kind.LOG_MAX, new double[] {0, Math.E - 1, 0});
        assertThat(log.scaled(Math.E * Math.E - 1)).isCloseTo(2, within(1e-12));
        assertThat(log.original(0.5)).isCloseTo(Math.sqrt(Math.E) - 1, within(1e-12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetScale.of(TargetScale.Kind.LOG_MAX, new double[] {-1, 2}));
    }
}
