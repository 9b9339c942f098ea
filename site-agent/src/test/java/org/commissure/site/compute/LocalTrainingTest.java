package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.WindowPreparation;
import org.commissure.models.training.Scan;
import org.commissure.models.training.Streams;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.Test;

class LocalTrainingTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Attempt ATTEMPT = new Attempt("attempt 1", 1, 1);
    private static final int WINDOW = ExampleStudy.WINDOW_FRAMES;

    @Test
    void withoutNoiseTheUpdateIsThePlainComputation() throws Exception {
        Study study = plain("false", 3).file().study();
        ModelConfiguration shape = ModelShape.of(study);
        float[] start = Initialisation.parameters(shape, 3);
        List<Scan> patients = patients(5, WINDOW);

        float[] update = train(study, start, patients, 4, WorkProgressIgnored.INSTANCE);

        // The same by hand: every patient (rate 1), one window starting at frame 0, masks from the same generator.
        float[] trained = start.clone();
        float[] gradient = new float[start.length];
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            for (int step = 0; step < 3; step++) {
                model.loadParameters(trained);
                SplittableRandom random = Streams.of(7, Streams.Purpose.WINDOW, 1, 1, step);
                double[] sum = new double[start.length];
                for (Scan patient : patients) {
                    int first = random.nextInt(1);
                    Mask mask = Mask.random(shape.tokens(), 0.5, random);
                    model.gradient(
                            WindowPreparation.standardise(patient.load(), 4, WINDOW, first, WINDOW), mask, gradient);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += gradient[i];
                    }
                }
                for (int i = 0; i < sum.length; i++) {
                    trained[i] -= (float) (0.1 * sum[i] / 4);
                }
            }
        }
        for (int i = 0; i < update.length; i++) {
            assertThat(update[i]).isCloseTo(trained[i] - start[i], within(1e-5f));
        }
    }

    @Test
    void aPatientWithManyWindowsContributesNoMoreThanTheClipNorm() throws Exception {
        Study study = plain("true", 1).file().study();
        float[] start = new float[3];
        // A model whose gradient is huge for every window, and one patient with ten windows of scan.
        float[] update;
        try (Steep model = new Steep(1e6f)) {
            update = new LocalTraining(
                            model,
                            ModelShape.of(study),
                            study,
                            SharedPart.whole(model.parameterCount()),
                            new PatientSampler(RANDOM),
                            new GaussianNoise(RANDOM))
                    .train(
                            start,
                            LocalTraining.Start.NONE,
                            patients(1, 10 * WINDOW),
                            1,
                            ATTEMPT,
                            Optional.empty(),
                            WorkProgressIgnored.INSTANCE)
                    .update()
                    .getFirst();
            assertThat(model.windows).isEqualTo(4);
        }
        // Learning rate 0.1, expected batch 1, and noise of 0.05 · 0.5 on three coordinates: 0.02 is eight deviations.
        assertThat(norm(update)).isCloseTo(0.1 * 0.5, within(0.02));
    }

    @Test
    void theUpdateIsScaledDownToItsOwnBound() throws Exception {
        Study study = plain("false", 1)
                .with("training", "update_clip_norm", "0.25")
                .file()
                .study();
        float[] update = train(study, new float[3], patients(1, WINDOW), 1, WorkProgressIgnored.INSTANCE, 100f);
        assertThat(norm(update)).isLessThanOrEqualTo(0.25).isGreaterThan(0.2499);
    }

    @Test
    void aDamagedSeriesIsNamedWithoutThePatient() {
        Study study = plain("false", 1).file().study();
        Scan damaged = new Scan() {
            @Override
            public int parcels() {
                return 4;
            }

            @Override
            public int frames() {
                return WINDOW;
            }

            @Override
            public float[] load() throws IOException {
                throw new IOException("/data/sub-0042 is gone");
            }
        };
        assertThatThrownBy(() -> train(study, new float[3], List.of(damaged), 1, WorkProgressIgnored.INSTANCE, 1f))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("cohort check")
                .hasMessageNotContaining("sub-0042");
    }

    @Test
    void anInterruptStopsTrainingBetweenTwoPatients() {
        Study study = plain("false", 1).file().study();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> train(study, new float[3], patients(2, WINDOW), 1, WorkProgressIgnored.INSTANCE, 1f))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void fedProxPullsTowardsTheReleasedModelAfterTheNoise() throws Exception {
        // Slope 2, rate 0.1: w₁ = −0.2; then the pull μ·w₁ = −0.1 makes the second gradient 1.9.
        Study study =
                plain("false", 2).with("training", "proximal_mu", "0.5").file().study();
        float[] update = train(study, new float[3], patients(1, WINDOW), 1, WorkProgressIgnored.INSTANCE, 2f);
        assertAll(update, -0.2f - 0.19f, 1e-6f);
        // The term is no patient's: with a clip norm far below it, and hardly any noise, it is still there in full.
        Study noised = plain("true", 2)
                .with("training", "proximal_mu", "9.0")
                .with("privacy", "clip_norm", "0.01")
                .file()
                .study();
        float[] pulled = train(noised, new float[3], patients(1, WINDOW), 1, WorkProgressIgnored.INSTANCE, 1e6f);
        float clipped = (float) (0.01 / Math.sqrt(3));
        assertAll(pulled, -0.1f * (clipped + (1 - 0.9f) * clipped), 3e-4f); // six deviations of the noise
    }

    @Test
    void theLearningRateFollowsTheScheduleOfTheWholeRun() throws Exception {
        Study study = plain("false", 2)
                .with("rounds", "count", "5")
                .with("training", "schedule", "\"cosine\"")
                .with("training", "warm_up_fraction", "0.2")
                .file()
                .study();
        // Ten steps, two of them warm-up: shares ½, 1 in the first round; then half a cosine over eight.
        assertThat(train(study, 1)[0]).isCloseTo(-0.1f * 1.5f, within(1e-6f));
        double third = 0.5 * (1 + Math.cos(Math.PI * 2 / 8)) + 0.5 * (1 + Math.cos(Math.PI * 3 / 8));
        assertThat(train(study, 3)[0]).isCloseTo((float) (-0.1 * third), within(1e-6f));
    }

    private static float[] train(Study study, int round) throws Exception {
        try (Steep model = new Steep(1)) {
            return training(study, model)
                    .train(
                            new float[3],
                            LocalTraining.Start.NONE,
                            patients(1, WINDOW),
                            1,
                            new Attempt("round " + round, round, 1),
                            Optional.empty(),
                            WorkProgressIgnored.INSTANCE)
                    .update()
                    .getFirst();
        }
    }

    @Test
    void withoutNoiseTheWholeGradientCanBeClipped() throws Exception {
        Study study = plain("false", 1)
                .with("training", "gradient_clip_norm", "0.5")
                .file()
                .study();
        float[] update = train(study, new float[3], patients(4, WINDOW), 1, WorkProgressIgnored.INSTANCE, 7f);
        assertThat(norm(update)).isCloseTo(0.1 * 0.5, within(1e-6));
        float[] small = train(study, new float[3], patients(1, WINDOW), 1, WorkProgressIgnored.INSTANCE, 0.1f);
        assertAll(small, -0.1f * 0.1f, 1e-7f);
    }

    @Test
    void aGradientThatIsNotANumberStopsTrainingAndNamesTheStepButNoPatient() {
        for (String noised : List.of("false", "true")) {
            Study study = plain(noised, 3).file().study();
            Steep model = new Steep(1);
            model.broken = 6; // windows are one a patient: the second patient of the second step
            assertThatThrownBy(() -> training(study, model)
                            .train(
                                    new float[3],
                                    LocalTraining.Start.NONE,
                                    patients(4, WINDOW),
                                    1,
                                    ATTEMPT,
                                    Optional.empty(),
                                    WorkProgressIgnored.INSTANCE)
                            .update()
                            .getFirst())
                    .isInstanceOf(LocalWorkException.class)
                    .hasMessageContaining("at step 2 of 3")
                    .hasMessageContaining("training.learning_rate")
                    .hasMessageNotContaining("position");
        }
    }

    @Test
    void theDeclaredWeightHidesTheExactCohortSize() {
        Study study = new ExampleStudy().file().study();
        assertThat(IntStream.of(1, 7, 8, 15, 16, 63, 64, 500).map(n -> UpdateEncoding.weight(n, study)))
                .containsExactly(1, 1, 8, 8, 16, 56, 64, 64);
    }

    /** One patient per step for certain; noise off, or on but tiny with a clip norm of one half. */
    private static ExampleStudy plain(String noised, int steps) {
        ExampleStudy study = new ExampleStudy()
                .with("privacy", "sampling_rate", "1.0")
                .with("training", "local_steps", Integer.toString(steps));
        return noised.equals("true")
                ? study.with("privacy", "clip_norm", "0.5").with("privacy", "noise_multiplier", "0.05")
                : study.with("privacy", "mode", "\"none\"").with("privacy", "noise_multiplier", "0.0");
    }

    private static float[] train(Study study, float[] start, List<Scan> patients, int weight, WorkProgress progress)
            throws Exception {
        ModelConfiguration shape = ModelShape.of(study);
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            return new LocalTraining(
                            model,
                            shape,
                            study,
                            SharedPart.whole(model.parameterCount()),
                            new PatientSampler(RANDOM),
                            new GaussianNoise(RANDOM))
                    .train(start, LocalTraining.Start.NONE, patients, weight, ATTEMPT, Optional.empty(), progress)
                    .update()
                    .getFirst();
        }
    }

    private static float[] train(
            Study study, float[] start, List<Scan> patients, int weight, WorkProgress progress, float slope)
            throws Exception {
        try (Steep model = new Steep(slope)) {
            return new LocalTraining(
                            model,
                            ModelShape.of(study),
                            study,
                            SharedPart.whole(model.parameterCount()),
                            new PatientSampler(RANDOM),
                            new GaussianNoise(RANDOM))
                    .train(start, LocalTraining.Start.NONE, patients, weight, ATTEMPT, Optional.empty(), progress)
                    .update()
                    .getFirst();
        }
    }

    private static void assertAll(float[] values, float expected, float tolerance) {
        assertThat(values).hasSize(3);
        for (float value : values) {
            assertThat(value).isCloseTo(expected, within(tolerance));
        }
    }

    private static LocalTraining training(Study study, MaskedAutoencoder model) {
        return new LocalTraining(
                model,
                ModelShape.of(study),
                study,
                SharedPart.whole(model.parameterCount()),
                new PatientSampler(RANDOM),
                new GaussianNoise(RANDOM));
    }

    static List<Scan> patients(int count, int frames) {
        return IntStream.range(0, count)
                .<Scan>mapToObj(i -> new Scan() {
                    @Override
                    public int parcels() {
                        return 4;
                    }

                    @Override
                    public int frames() {
                        return frames;
                    }

                    @Override
                    public float[] load() {
                        SplittableRandom random = new SplittableRandom(i);
                        float[] series = new float[4 * frames];
                        for (int t = 0; t < series.length; t++) {
                            series[t] = (float) random.nextGaussian();
                        }
                        return series;
                    }
                })
                .toList();
    }

    private static double norm(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private enum WorkProgressIgnored implements WorkProgress {
        INSTANCE;

        @Override
        public void at(double fraction) {}
    }
}
