package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training of models that embed the repetition time. */
class RepetitionTimeTrainingTest {
    private static final BrainLmConfiguration C = SyntheticScan.SMALL.withRepetitionTimeEmbedding();
    private static final TrainingPlan PLAN =
            TrainingPlan.of(4, 4, 0.003, new Masking.Random(0.5), 7).withIntervals(Duration.ZERO, 4);

    @TempDir
    Path folder;

    private record TimedScan(SyntheticScan scan, double seconds) implements Scan {
        @Override
        public int parcels() {
            return scan.parcels();
        }

        @Override
        public int frames() {
            return scan.frames();
        }

        @Override
        public OptionalDouble repetitionTimeSeconds() {
            return OptionalDouble.of(seconds);
        }

        @Override
        public float[] load() {
            return scan.load();
        }
    }

    private static List<TimedScan> cohort(double seconds) {
        return SyntheticScan.cohort(8, 40, 0.9, 0.8, 1).stream()
                .map(scan -> new TimedScan(scan, seconds))
                .toList();
    }

    private static TrainingOutcome train(List<? extends Scan> scans, Optional<Path> file, boolean resume)
            throws Exception {
        Evaluation evaluation = new Evaluation(C, scans, 1, PLAN.masking(), 0, 1);
        try (BrainLm model = new BrainLm(C, 1)) {
            var run = new TrainingRun(model, scans, PLAN, Optional.of(evaluation), file, event -> {});
            return resume ? run.resume() : run.start(Initialisation.parameters(C, 1));
        }
    }

    @Test
    void everyScansRepetitionTimeReachesTheModel() throws Exception {
        TrainingOutcome slow = train(cohort(3), Optional.empty(), false);
        TrainingOutcome fast = train(cohort(0.7), Optional.empty(), false);
        assertThat(slow.parameters()).isNotEqualTo(fast.parameters());
        assertThat(slow.scores()).isNotEqualTo(fast.scores());
    }

    @Test
    void aCheckpointOfScansWithOtherRepetitionTimesIsRefused() throws Exception {
        Path file = folder.resolve("checkpoint");
        TrainingOutcome first = train(cohort(3), Optional.of(file), false);
        assertThat(train(cohort(3), Optional.of(file), true).parameters()).containsExactly(first.parameters());
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> train(cohort(2.5), Optional.of(file), true))
                .withMessageContaining("repetition times: ");
    }

    @Test
    void aScanThatDoesNotStateItIsNamed() {
        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> train(SyntheticScan.cohort(8, 40, 0.9, 0.8, 1), Optional.empty(), false))
                .withMessageContaining("scan 0 (counted from 0) cannot be used: the model embeds the repetition time")
                .withMessageContaining("does not state it");
    }
}
