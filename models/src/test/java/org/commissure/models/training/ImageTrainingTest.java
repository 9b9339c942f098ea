package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training and scoring of models that see a window as an image. */
class ImageTrainingTest {
    private static final List<SyntheticScan> COHORT = SyntheticScan.cohort(24, 60, 0.9, 0.9, 1);
    private static final List<SyntheticScan> HELD_OUT = SyntheticScan.cohort(12, 60, 0.9, 0.9, 2);
    private static final TrainingListener SILENT = event -> {};

    @TempDir
    Path folder;

    @Test
    void correlatedSignalsAreLearntBetterThanInterpolation() throws Exception {
        Scores scores = scores(COHORT, HELD_OUT, 1200);
        assertThat(scores.r2()).isGreaterThan(scores.r2Interpolation() + 0.2).isGreaterThan(0.3);
    }

    @Test
    void whiteNoiseGivesAnR2OfZero() throws Exception {
        assertThat(scores(SyntheticScan.whiteNoise(40, 60, 1), SyntheticScan.whiteNoise(20, 60, 2), 200)
                        .r2())
                .isCloseTo(0, within(0.03));
    }

    private static Scores scores(List<SyntheticScan> training, List<SyntheticScan> heldOut, int steps)
            throws Exception {
        VitMaeConfiguration c = TinyImages.of(Mode.AUTO_ENCODE, 0.5);
        Masking masking = Masking.of(c, c.maskRatio());
        Evaluation evaluation = new Evaluation(c, heldOut, 2, masking, 0, 11);
        TrainingPlan plan = TrainingPlan.of(steps, 8, 0.003, masking, 3);
        try (BrainLm model = new BrainLm(c, 1, false)) {
            return new TrainingRun(model, training, plan, Optional.of(evaluation), Optional.empty(), SILENT)
                    .start(Initialisation.parameters(c, 1))
                    .scores()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aRunThatWasKilledResumesToTheSameBitsInEveryMode(Mode mode) throws Exception {
        VitMaeConfiguration c = TinyImages.of(mode, mode == Mode.AUTO_ENCODE ? 0.75 : 0.3);
        TrainingPlan plan =
                TrainingPlan.of(12, 5, 0.003, Masking.of(c, c.maskRatio()), 7).withIntervals(Duration.ZERO, 4);
        Path file = folder.resolve("killed");
        TrainingListener killing = event -> {
            if (event instanceof TrainingEvent.Saved saved && saved.step() == 7) {
                throw new IOException("killed");
            }
        };
        try (BrainLm model = new BrainLm(c, 2, false)) {
            float[] straight = run(model, plan, Optional.empty(), SILENT)
                    .start(Initialisation.parameters(c, 1))
                    .parameters();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(
                            () -> run(model, plan, Optional.of(file), killing).start(Initialisation.parameters(c, 1)))
                    .withMessage("killed");
            TrainingOutcome resumed =
                    run(model, plan, Optional.of(file), SILENT).resume();
            assertThat(resumed.parameters()).containsExactly(straight);
            assertThat(resumed.scores()).isPresent();
        }
    }

    @Test
    void aCheckpointOfAnotherModeIsRefused() throws Exception {
        Path file = folder.resolve("checkpoint");
        VitMaeConfiguration c = TinyImages.of(Mode.PREDICT_LAST, 0.3);
        VitMaeConfiguration other = TinyImages.of(Mode.PREDICT_LAST_PIXEL, 0.3);
        TrainingPlan plan = TrainingPlan.of(2, 4, 0.003, new Masking.LastFrames(), 7);
        try (BrainLm model = new BrainLm(c, 1, false);
                BrainLm second = new BrainLm(other, 1, false)) {
            run(model, plan, Optional.of(file), SILENT).start(Initialisation.parameters(c, 1));
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(
                            () -> run(second, plan, Optional.of(file), SILENT).resume())
                    .withMessageContaining("mode: PREDICT_LAST, mask ratio 0.3 in the checkpoint, PREDICT_LAST_PIXEL");
        }
    }

    private static TrainingRun run(BrainLm model, TrainingPlan plan, Optional<Path> file, TrainingListener listener)
            throws ScanException {
        Evaluation evaluation = new Evaluation(model.configuration(), HELD_OUT, 1, plan.masking(), 0, 11);
        return new TrainingRun(model, COHORT, plan, Optional.of(evaluation), file, listener);
    }

    @Test
    void whatAModelCannotHideIsRefusedBeforeAnythingRuns() {
        VitMaeConfiguration last = TinyImages.of(Mode.PREDICT_LAST, 0.3);
        VitMaeConfiguration free = TinyImages.of(Mode.AUTO_ENCODE, 0.5);
        refused(last, new Masking.Random(0.5), 0, "train_mode predict_last hides the last 7 frames", "random tokens");
        refused(last, new Masking.Future(1), 0, "train_mode predict_last", "the last patches");
        refused(free, new Masking.LastFrames(), 0, "hides no last frames");
        refused(SyntheticScan.SMALL, new Masking.LastFrames(), 0, "commissure", "hides no last frames");
        refused(free, new Masking.Future(6), 0, "last 6 of 6 columns", "no past");
        refused(free, new Masking.Random(0.5), 16, "a scan of 16 frames cannot be padded", "24 frames");
    }

    private static void refused(ModelConfiguration c, Masking masking, int minimumFrames, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Evaluation(c, HELD_OUT, 1, masking, minimumFrames, 1))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
