package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.Initialisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training must achieve, on signals whose answer is known. */
class LearningTest {
    private static final Masking MASKING = new Masking.Random(0.5);

    @TempDir
    Path folder;

    @Test
    void correlatedSignalsAreLearntClearlyBetterThanInterpolation() throws Exception {
        TrainingPlan plan = TrainingPlan.of(200, 8, 0.003, MASKING, 3);
        MetricsLog metrics = new MetricsLog(folder.resolve("metrics.jsonl"), plan);
        Scores scores = train(
                plan, SyntheticScan.cohort(40, 60, 0.8, 0.9, 1), SyntheticScan.cohort(20, 60, 0.8, 0.9, 2), metrics);
        // Two networks explain .81 of the variance; a handful of visible parcels tells most of their course.
        assertThat(scores.r2()).isBetween(scores.r2Interpolation() + 0.2, 0.81);
        assertThat(scores.r2()).isGreaterThan(0.5);
        Path curve = folder.resolve("curve.svg");
        TrainingCurve.write(curve, "R² < 1 & rising", metrics);
        assertThat(Files.readString(curve)).contains("<svg", "R² &lt; 1 &amp; rising", "interpolation", "</svg>");
        assertThat(metrics.evaluations().getLast().scores()).isEqualTo(scores);
    }

    @Test
    void whiteNoiseGivesAnR2OfZero() throws Exception {
        TrainingPlan plan = TrainingPlan.of(200, 8, 0.003, MASKING, 3);
        Scores scores = train(
                plan,
                SyntheticScan.whiteNoise(60, 60, 1),
                SyntheticScan.whiteNoise(30, 60, 2),
                new MetricsLog(folder.resolve("metrics.jsonl"), plan));
        assertThat(scores.r2()).isCloseTo(0, within(0.02));
        assertThat(scores.r2Interpolation()).isNegative();
    }

    @Test
    void theFutureIsLearntFromThePast() throws Exception {
        TrainingPlan plan = TrainingPlan.of(60, 8, 0.003, new Masking.Future(1), 3);
        List<SyntheticScan> slow = SyntheticScan.cohort(40, 60, 0.98, 0.9, 1);
        MetricsLog metrics = new MetricsLog(folder.resolve("metrics.jsonl"), plan);
        Scores scores = train(plan, slow, SyntheticScan.cohort(20, 60, 0.98, 0.9, 2), metrics);
        double before = metrics.evaluations().getFirst().scores().r2();
        assertThat(scores.r2()).isGreaterThan(before + 0.1).isGreaterThan(scores.r2ParcelMean());
    }

    private static Scores train(
            TrainingPlan plan, List<? extends Scan> scans, List<? extends Scan> heldOut, TrainingListener listener)
            throws Exception {
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL)) {
            Evaluation evaluation = new Evaluation(SyntheticScan.SMALL, heldOut, 2, plan.masking(), 0, 11);
            return new TrainingRun(model, scans, plan, Optional.of(evaluation), Optional.empty(), listener)
                    .start(Initialisation.parameters(SyntheticScan.SMALL, 1))
                    .scores()
                    .orElseThrow();
        }
    }
}
