package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingCheckpointTest {
    private static final Map<String, String> FACTS = Map.of("run", "r", "round", "1", "attempt", "1", "model", "ab");
    private static final int STEPS = 6;

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("r-1-TRAIN-1.checkpoint");
    }

    @ParameterizedTest
    @CsvSource({"commissure-small, sgd", "commissure-small, adam", "mlp, adam"})
    void aKilledTrainingGoesOnToTheSameBits(String preset, String optimiser) throws Exception {
        Study study = study(preset, optimiser, "none");
        float[] undisturbed = train(study, Optional.empty(), Integer.MAX_VALUE);
        // Dies in its fourth step, with a checkpoint after each step before it.
        assertThatThrownBy(() -> train(study, Optional.of(checkpoint(FACTS)), 3))
                .isInstanceOf(Killed.class);
        assertThat(checkpoint(FACTS)
                        .find(undisturbed.length, STEPS)
                        .orElseThrow()
                        .step())
                .isEqualTo(3);

        float[] resumed = train(study, Optional.of(checkpoint(FACTS)), Integer.MAX_VALUE);

        assertThat(resumed).containsExactly(undisturbed);
    }

    @Test
    void aStoppedTrainingLeavesTheStepsItTook() throws Exception {
        Study study = study("commissure-small", "adam", "none");
        float[] undisturbed = train(study, Optional.empty(), Integer.MAX_VALUE);
        TrainingCheckpoint rare = new TrainingCheckpoint(file, FACTS, Duration.ofHours(1));
        assertThatThrownBy(() -> train(study, Optional.of(rare), -4)).isInstanceOf(InterruptedException.class);
        assertThat(checkpoint(FACTS)
                        .find(undisturbed.length, STEPS)
                        .orElseThrow()
                        .step())
                .isEqualTo(4);
        assertThat(train(study, Optional.of(checkpoint(FACTS)), Integer.MAX_VALUE))
                .containsExactly(undisturbed);
    }

    @Test
    void underDifferentialPrivacyTheStepsThatFollowACheckpointAreDrawnAfresh() throws Exception {
        Study study = study("commissure-small", "sgd", "local");
        assertThatThrownBy(() -> train(study, Optional.of(checkpoint(FACTS)), 5))
                .isInstanceOf(Killed.class);
        byte[] left = Files.readAllBytes(file);
        float[] once = train(study, Optional.of(rare()), Integer.MAX_VALUE);
        Files.write(file, left);
        float[] again = train(study, Optional.of(rare()), Integer.MAX_VALUE);
        // One of six noised steps apart: another last step, the same five before it.
        assertThat(again).isNotEqualTo(once);
        double apart = distance(once, again);
        double whole = distance(once, train(study, Optional.empty(), Integer.MAX_VALUE));
        assertThat(apart).isLessThan(0.8 * whole);
    }

    @ParameterizedTest
    @CsvSource({"run, other", "round, 2", "attempt, 2", "model, cd"})
    void aCheckpointOfOtherWorkIsDropped(String fact, String value) {
        checkpoint(FACTS).save(2, new float[5], state(5));
        Map<String, String> other = new HashMap<>(FACTS);
        other.put(fact, value);
        assertThat(checkpoint(other).find(5, STEPS)).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void aCheckpointOfAnotherSizeOrFromBeyondTheEndIsDropped() {
        checkpoint(FACTS).save(2, new float[5], state(5));
        assertThat(checkpoint(FACTS).find(6, STEPS)).isEmpty();
        checkpoint(FACTS).save(7, new float[5], state(5));
        assertThat(checkpoint(FACTS).find(5, STEPS)).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void aDamagedCheckpointIsDropped() throws IOException {
        checkpoint(FACTS).save(2, new float[5], state(5));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 40] ^= 1;
        Files.write(file, bytes);
        assertThat(checkpoint(FACTS).find(5, STEPS)).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatOtherSumsLeftIsRemovedAndNothingElse() throws IOException {
        Path masked = Files.createFile(folder.resolve("r-1-TRAIN-1.masked"));
        Files.createFile(folder.resolve("r-1-TRAIN-2.checkpoint"));
        Files.createFile(folder.resolve("r-1-TRAIN-2.checkpoint.123.tmp"));
        checkpoint(FACTS).save(2, new float[5], state(5));
        checkpoint(FACTS).removeOthers();
        assertThat(folder).isDirectoryNotContaining("regex:.*TRAIN-2.*");
        assertThat(masked).exists();
        assertThat(file).exists();
    }

    private TrainingCheckpoint checkpoint(Map<String, String> facts) {
        return new TrainingCheckpoint(file, facts, Duration.ZERO);
    }

    private TrainingCheckpoint rare() {
        return new TrainingCheckpoint(file, FACTS, Duration.ofHours(1));
    }

    private static OptimiserState state(int parameters) {
        return new OptimiserState(2, new float[parameters], new float[parameters]);
    }

    private static Study study(String preset, String optimiser, String privacy) {
        ExampleStudy study = new ExampleStudy()
                .with("training", "local_steps", Integer.toString(STEPS))
                .with("training", "optimiser", '"' + optimiser + '"')
                .with("training", "momentum", "0.5")
                .with("training", "proximal_mu", "0.1")
                .with("training", "schedule", "\"cosine\"")
                .with("training", "update_clip_norm", "1e6")
                .with("privacy", "mode", '"' + privacy + '"')
                .with("privacy", "sampling_rate", "0.6")
                .with("model", "preset", '"' + preset + '"');
        if (preset.equals("mlp")) {
            for (String key : List.of("hidden", "encoder_layers", "decoder_layers", "heads", "feed_forward")) {
                study.without("model", key);
            }
            study.with("model", "widths", "[5]");
        }
        return study.file().study();
    }

    /**
     * @param dieAfter steps that are taken before the process is as good as killed; if negative, before it is
     *     interrupted
     */
    private static float[] train(Study study, Optional<TrainingCheckpoint> checkpoint, int dieAfter) throws Exception {
        SecureRandom random = new SecureRandom();
        ModelConfiguration shape = ModelShape.of(study);
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            return new LocalTraining(
                            model,
                            shape,
                            study,
                            SharedPart.whole(model.parameterCount()),
                            new PatientSampler(random),
                            new GaussianNoise(random))
                    .train(
                            ModelShape.initialParameters(study),
                            LocalTraining.Start.NONE,
                            patients(),
                            8,
                            new Attempt("test", 1, 1),
                            checkpoint,
                            fraction -> {
                                if (fraction >= (dieAfter - 0.5) / STEPS && dieAfter > 0) {
                                    throw new Killed();
                                }
                                if (fraction >= (-dieAfter - 0.5) / STEPS && dieAfter < 0) {
                                    Thread.currentThread().interrupt();
                                }
                            })
                    .update()
                    .getFirst();
        }
    }

    private static double distance(float[] one, float[] other) {
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            squares += Math.pow((double) one[i] - other[i], 2);
        }
        return Math.sqrt(squares);
    }

    /** Enough of them that a step without any is out of the question. */
    private static List<Scan> patients() {
        return IntStream.range(0, 12)
                .<Scan>mapToObj(i -> new Scan() {
                    @Override
                    public int parcels() {
                        return ExampleStudy.PARCELS;
                    }

                    @Override
                    public int frames() {
                        return 2 * ExampleStudy.WINDOW_FRAMES;
                    }

                    @Override
                    public float[] load() {
                        SplittableRandom random = new SplittableRandom(i);
                        float[] series = new float[parcels() * frames()];
                        for (int t = 0; t < series.length; t++) {
                            series[t] = (float) random.nextGaussian();
                        }
                        return series;
                    }
                })
                .toList();
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
