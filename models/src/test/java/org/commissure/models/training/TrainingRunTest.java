package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.durable.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
    private static final List<SyntheticScan> COHORT = SyntheticScan.cohort(7, 40, 0.9, 0.8, 1);
    private static final TrainingListener SILENT = event -> {};

    @TempDir
    Path folder;

    @Test
    void aRunThatWasKilledResumesToTheSameBits() throws Exception {
        TrainingPlan plan = plan(20, 0.003, 0, OptionalDouble.empty());
        float[] straight = start(plan, SILENT, Optional.empty());
        assertThat(killedAndResumed(plan, 8)).containsExactly(straight);
    }

    @Test
    void fedProxAndPatientClippingResumeToTheSameBitsToo() throws Exception {
        TrainingPlan plan = plan(12, 0.003, 0.1, OptionalDouble.of(0.5));
        float[] straight = start(plan, SILENT, Optional.empty());
        assertThat(killedAndResumed(plan, 5)).containsExactly(straight);
        assertThat(straight).isNotEqualTo(start(plan(12, 0.003, 0, OptionalDouble.of(0.5)), SILENT, Optional.empty()));
        assertThat(straight)
                .isNotEqualTo(start(plan(12, 0.003, 0.1, OptionalDouble.empty()), SILENT, Optional.empty()));
    }

    @Test
    void anInterruptWritesACheckpointFirst() throws Exception {
        TrainingPlan plan = plan(10, 0.003, 0, OptionalDouble.empty()).withIntervals(Duration.ofHours(1), 5);
        Path file = folder.resolve("checkpoint");
        TrainingListener interrupting = event -> {
            if (event instanceof TrainingEvent.Stepped stepped && stepped.step() == 4) {
                Thread.currentThread().interrupt();
            }
        };
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> start(plan, interrupting, Optional.of(file)));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(CheckpointFile.read(file).step()).isEqualTo(4);
        assertThat(resume(plan, COHORT, file)).containsExactly(start(plan, SILENT, Optional.empty()));
    }

    @Test
    void anInterruptThatMeetsAListenersWritingStopsTheRunTheSameWay() throws Exception {
        TrainingPlan plan = plan(10, 0.003, 0, OptionalDouble.empty()).withIntervals(Duration.ofHours(1), 5);
        Path file = folder.resolve("checkpoint");
        TrainingListener interrupted = event -> {
            if (event instanceof TrainingEvent.Stepped stepped && stepped.step() == 4) {
                Thread.currentThread().interrupt();
                AtomicFile.write(folder.resolve("curve"), "cannot be written");
            }
        };
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> start(plan, interrupted, Optional.of(file)));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(CheckpointFile.read(file).step()).isEqualTo(4);
        assertThat(resume(plan, COHORT, file)).containsExactly(start(plan, SILENT, Optional.empty()));
    }

    @Test
    void aCheckpointOfAnotherPlanOrCohortIsRefusedWithTheDifferenceNamed() throws Exception {
        Path file = folder.resolve("checkpoint");
        start(plan(2, 0.003, 0, OptionalDouble.empty()), SILENT, Optional.of(file));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> resume(plan(2, 0.004, 0, OptionalDouble.empty()), COHORT, file))
                .withMessageContaining("learning rate: 0.003 in the checkpoint, 0.004 in this run")
                .withMessageNotContaining("seed");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> resume(plan(2, 0.003, 0, OptionalDouble.empty()), COHORT.subList(0, 6), file))
                .withMessageContaining("scans: 7 in the checkpoint, 6 in this run");
    }

    @Test
    void aFinishedRunResumesToItsResult() throws Exception {
        TrainingPlan plan = plan(3, 0.003, 0, OptionalDouble.empty());
        Path file = folder.resolve("checkpoint");
        float[] first = start(plan, SILENT, Optional.of(file));
        assertThat(resume(plan, COHORT, file)).containsExactly(first);
    }

    @Test
    void divergenceNamesTheStepAndTheBatchAndKeepsTheCheckpoint() throws Exception {
        TrainingPlan plan = plan(9, 1e30, 0, OptionalDouble.empty());
        Path file = folder.resolve("checkpoint");
        assertThatExceptionOfType(DivergedException.class)
                .isThrownBy(() -> start(plan, SILENT, Optional.of(file)))
                .withMessageMatching("(?s)step 2 diverged on the batch of scans \\[\\d, \\d, \\d].*");
        assertThat(CheckpointFile.read(file).step()).isEqualTo(1);
    }

    @Test
    void aScanThatDoesNotFitIsNamedByItsPlace() throws Exception {
        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> withScan(new SyntheticScan(23, 40, 0, 0, 1)))
                .withMessage("scan 7 (counted from 0) has 23 parcels, but the model reads 24");
        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> withScan(new SyntheticScan(24, 20, 0, 0, 1)))
                .withMessage("scan 7 (counted from 0) has 20 frames, but at least 24 are needed");
    }

    @Test
    void aDamagedSeriesIsNamedByItsPlaceAndNotByItsPatient() {
        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> withScan(new BrokenScan(Float.NaN)))
                .withMessageContaining("scan 7 (counted from 0) cannot be used: series has a value that is not finite");
        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> withScan(new BrokenScan(0)))
                .withMessage("scan 7 (counted from 0) cannot be read")
                .satisfies(e -> assertThat(e.index()).isEqualTo(7));
    }

    @Test
    void aPatientIsNeverTwiceInABatchThatIsClippedPerPatient() throws Exception {
        TrainingPlan plan = plan(2, 0.003, 0, OptionalDouble.of(1));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> run(plan, COHORT.subList(0, 2), SILENT, Optional.empty(), TrainingRunTest::start))
                .withMessageContaining("twice");
    }

    @Test
    void progressEndsWithTheLastStepAndNoTimeLeft() throws Exception {
        List<TrainingEvent.Progress> said = new ArrayList<>();
        TrainingListener listener = event -> {
            if (event instanceof TrainingEvent.Progress progress) {
                said.add(progress);
            }
        };
        start(plan(5, 0.003, 0, OptionalDouble.empty()), listener, Optional.empty());
        assertThat(said.getLast().step()).isEqualTo(5);
        assertThat(said.getLast().left()).isEqualTo(Duration.ZERO);
        assertThat(said.getLast().tokensPerSecond()).isPositive();
    }

    private record BrokenScan(float value) implements Scan {
        @Override
        public int parcels() {
            return 24;
        }

        @Override
        public int frames() {
            return 24;
        }

        @Override
        public float[] load() throws IOException {
            if (value == 0) {
                throw new IOException("sub-0042 is gone");
            }
            float[] series = new float[24 * 24];
            series[77] = value;
            return series;
        }
    }

    private void withScan(Scan last) throws Exception {
        List<Scan> scans = new ArrayList<>(COHORT);
        scans.add(last);
        TrainingPlan plan = plan(8, 0.003, 0, OptionalDouble.empty());
        run(plan, scans, SILENT, Optional.empty(), TrainingRunTest::start);
    }

    private float[] killedAndResumed(TrainingPlan plan, int lastStep) throws Exception {
        Path file = folder.resolve("killed-" + lastStep);
        TrainingListener killing = event -> {
            if (event instanceof TrainingEvent.Saved saved && saved.step() == lastStep) {
                throw new IOException("killed");
            }
        };
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> start(plan, killing, Optional.of(file)))
                .withMessage("killed");
        assertThat(CheckpointFile.read(file).step()).isEqualTo(lastStep);
        float[] resumed = resume(plan, COHORT, file);
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
        return resumed;
    }

    private interface Way {
        TrainingOutcome go(TrainingRun run) throws Exception;
    }

    private static TrainingOutcome start(TrainingRun run) throws Exception {
        return run.start(Initialisation.parameters(SyntheticScan.SMALL, 1));
    }

    private static float[] start(TrainingPlan plan, TrainingListener listener, Optional<Path> file) throws Exception {
        return run(plan, COHORT, listener, file, TrainingRunTest::start);
    }

    private static float[] resume(TrainingPlan plan, List<? extends Scan> scans, Path file) throws Exception {
        return run(plan, scans, SILENT, Optional.of(file), TrainingRun::resume);
    }

    private static float[] run(
            TrainingPlan plan, List<? extends Scan> scans, TrainingListener listener, Optional<Path> file, Way way)
            throws Exception {
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL)) {
            return way.go(new TrainingRun(model, scans, plan, Optional.empty(), file, listener))
                    .parameters();
        }
    }

    private static TrainingPlan plan(long steps, double learningRate, double proximal, OptionalDouble patientClip) {
        return new TrainingPlan(
                steps,
                3,
                learningRate,
                Schedule.COSINE,
                0.05,
                AdamSettings.DEFAULT.withWeightDecay(0.05),
                1,
                proximal,
                patientClip,
                new Masking.Random(0.5),
                0,
                7,
                Duration.ZERO,
                5);
    }
}
