package org.commissure.models.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.RandomCoordinates;
import org.commissure.models.training.Scan;
import org.junit.jupiter.api.Test;

class FutureStudyTest {
    private static final int PARCELS = 10;
    private static final float[][] PLACES = RandomCoordinates.of(PARCELS, 2);
    private static final BrainLmConfiguration MODEL = new BrainLmConfiguration(PARCELS, 40, 5, 16, 1, 1, 2, 16, PLACES);
    private static final FutureStudy STUDY = new FutureStudy(5, 0, 4, 40, 400, 1);

    private static FutureScores scores(FutureStudy study, List<Scan> training, List<Scan> heldOut) throws Exception {
        try (var model = new BrainLm(MODEL)) {
            return study.of(
                    model, Initialisation.parameters(MODEL, 7), PLACES, training, heldOut, (stage, done, all) -> {});
        }
    }

    private static FutureScores.Method method(FutureScores scores, String name) {
        return scores.methods().stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onAnAutoregressiveCohortTheAutoregressionWinsAndReachesWhatTheoryAllows() throws Exception {
        double memory = 0.8;
        FutureScores scores = scores(
                STUDY, CourseScan.cohort(60, PARCELS, 400, memory, 1), CourseScan.cohort(40, PARCELS, 400, memory, 2));
        assertThat(scores.patients()).isEqualTo(40);
        assertThat(scores.windows()).isEqualTo(160);
        var autoregression = method(scores, "AR(1)");
        for (int step = 0; step < 5; step++) {
            // The best forecast h frames ahead explains φ^(2h) of the variance.
            double theory = Math.pow(memory, 2 * (step + 1));
            assertThat(autoregression.r2ByStep().get(step).estimate())
                    .as("step %d", step + 1)
                    .isCloseTo(theory, within(0.05));
            assertThat(autoregression.r2ByStep().get(step).low()).isLessThan(theory + 0.02);
            assertThat(autoregression.r2ByStep().get(step).high()).isGreaterThan(theory - 0.02);
        }
        for (FutureScores.Method method : scores.methods()) {
            if (!method.name().equals("AR(1)")) {
                assertThat(method.r2().estimate())
                        .as(method.name())
                        .isLessThan(autoregression.r2().estimate());
            }
        }
        // It may fall back to the mean exponentially, as the best forecast does, but has to learn that it should.
        assertThat(method(scores, "neural ODE").r2().estimate())
                .isGreaterThan(autoregression.r2().estimate() - 0.1);
    }

    @Test
    void whiteNoiseHasNoFuture() throws Exception {
        FutureScores scores =
                scores(STUDY, CourseScan.cohort(60, PARCELS, 400, 0, 3), CourseScan.cohort(40, PARCELS, 400, 0, 4));
        for (String name : List.of("AR(1)", "neural ODE", "LSTM")) {
            assertThat(method(scores, name).r2().estimate()).as(name).isCloseTo(0, within(0.03));
        }
        // The last frame doubles the error: 1 − 2.
        assertThat(method(scores, "persistence").r2().estimate()).isCloseTo(-1, within(0.06));
        assertThat(method(scores, "AR(1)").meanSquaredError().estimate()).isCloseTo(1, within(0.04));
        assertThat(method(scores, "AR(1)").r2().high()).isLessThan(0.02);
    }

    @Test
    void everyScanOfAPatientIsForecast() throws Exception {
        List<Scan> many = new ArrayList<>();
        for (int patient = 0; patient < 6; patient++) {
            // The first two scans are the usual ones; the others have another memory, which a forecast notices.
            List<Scan> visits = new ArrayList<>(CourseScan.cohort(2, PARCELS, 80, 0.9, 50 + patient));
            visits.addAll(CourseScan.cohort(3, PARCELS, 80, 0, 80 + patient));
            many.add(new SeveralVisits(visits));
        }
        List<Scan> usual = CourseScan.cohort(12, PARCELS, 80, 0.9, 5);
        var study = new FutureStudy(5, 0, 2, 1, 1, 1);
        FutureScores scores = scores(study, usual, many);
        assertThat(scores.patients()).isEqualTo(6);
        assertThat(scores.windows()).isEqualTo(6 * 5);
        // Persistence has 1 − 2 on white noise and far more on a memory of 0.9: three of five scans are noise.
        double alone = method(scores(study, usual, CourseScan.cohort(6, PARCELS, 80, 0.9, 6)), "persistence")
                .r2()
                .estimate();
        assertThat(method(scores, "persistence").r2().estimate()).isLessThan(alone - 0.3);
    }

    private record SeveralVisits(List<Scan> visits) implements Scan {
        @Override
        public int parcels() {
            return visits.getFirst().parcels();
        }

        @Override
        public int frames() {
            return visits.getFirst().frames();
        }

        @Override
        public List<Scan> ofThePatient() {
            return visits;
        }

        @Override
        public float[] load() throws IOException {
            return visits.getFirst().load();
        }
    }

    @Test
    void shortScansHaveAShorterPast() throws Exception {
        var study = new FutureStudy(5, 20, 1, 1, 1, 1);
        FutureScores scores =
                scores(study, CourseScan.cohort(4, PARCELS, 24, 0.8, 1), CourseScan.cohort(3, PARCELS, 24, 0.8, 2));
        assertThat(scores.patients()).isEqualTo(3);
        assertThatThrownBy(() -> scores(
                        STUDY, CourseScan.cohort(4, PARCELS, 24, 0.8, 1), CourseScan.cohort(3, PARCELS, 24, 0.8, 2)))
                .hasMessageContaining("24 frames");
    }

    @Test
    void theModelIsScoredWithTheParametersGiven() throws Exception {
        List<Scan> scans = CourseScan.cohort(4, PARCELS, 40, 0.8, 1);
        var study = new FutureStudy(5, 0, 1, 1, 1, 7); // the seed of both first parameters
        FutureScores scores = scores(study, scans, CourseScan.cohort(3, PARCELS, 40, 0.8, 2));
        assertThat(scores.methods().get(0).name()).isEqualTo("commissure");
        assertThat(scores.methods().get(1).r2())
                .isEqualTo(scores.methods().get(0).r2());
        assertThat(scores.methods().get(1).lead().estimate()).isZero();
        List<String> drawn = new ArrayList<>();
        String svg = HorizonChart.svg("Next <frames>", scores);
        scores.methods().forEach(method -> drawn.add(method.name() + " "));
        assertThat(svg).contains(drawn).contains("Next &lt;frames&gt;", "</svg>");
    }

    @Test
    void aHorizonThatDoesNotFitIsNamed() {
        List<Scan> scans = CourseScan.cohort(4, PARCELS, 40, 0.8, 1);
        assertThatThrownBy(() -> scores(new FutureStudy(7, 0, 1, 1, 1, 1), scans, scans))
                .hasMessageContaining("no whole number of patches of 5");
        assertThatThrownBy(() -> scores(new FutureStudy(40, 0, 1, 1, 1, 1), scans, scans))
                .hasMessageContaining("leaves no past");
        assertThatThrownBy(() -> new FutureStudy(0, 0, 1, 1, 1, 1)).hasMessageContaining("0 frames");
        assertThatThrownBy(() -> FutureWindow.of(
                        MODEL,
                        new Example(
                                new float[MODEL.windowLength()],
                                Mask.random(MODEL.tokens(), 0.5, new java.util.Random(1)))))
                .hasMessageContaining("other patches");
    }
}
