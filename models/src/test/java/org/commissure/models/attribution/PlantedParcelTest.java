package org.commissure.models.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.api.Condition;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.RandomCoordinates;
import org.commissure.models.finetune.FineTunedModel;
import org.commissure.models.finetune.FineTuning;
import org.commissure.models.finetune.HeadSettings;
import org.commissure.models.finetune.LabelledWindow;
import org.commissure.models.meanfield.hierarchy.RankCorrelation;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.junit.jupiter.api.Test;

/** What a map must show where the answer is known. */
class PlantedParcelTest {
    private static final int PARCELS = 40;
    private static final int FRAMES = 24;
    private static final int PATCH = 8;
    private static final int PLANTED = 17;
    private static final BrainLmConfiguration MODEL =
            new BrainLmConfiguration(PARCELS, FRAMES, PATCH, 32, 1, 1, 4, 32, RandomCoordinates.of(PARCELS, 2));
    private static final AttributionStudy STUDY = new AttributionStudy(1, 0.05, 256, 0, 0.15, 5);

    private static List<Scan> scans(int patients, long seed) {
        return IntStream.range(0, patients)
                .<Scan>mapToObj(i -> new PlantedScan(PARCELS, FRAMES, PATCH, PLANTED, i % 2, seed * 1_000 + i))
                .toList();
    }

    private static List<LabelledWindow> labelled(List<Scan> scans, int firstPatient) throws Exception {
        List<LabelledWindow> windows = new ArrayList<>();
        for (int i = 0; i < scans.size(); i++) {
            windows.add(new LabelledWindow(
                    firstPatient + i, EvenWindows.of(MODEL, i, scans.get(i), 1).getFirst(), i % 2));
        }
        return windows;
    }

    private static Condition<double[]> withinTolerance() {
        return new Condition<>(errors -> Arrays.stream(errors).allMatch(error -> error <= 0.05), "within 5 %%");
    }

    private static int rank(double[] map, int parcel) {
        return 1 + (int) Arrays.stream(map).filter(v -> v > map[parcel]).count();
    }

    private static double[] mean(double[][] maps) {
        double[] mean = new double[maps[0].length];
        for (double[] map : maps) {
            for (int p = 0; p < mean.length; p++) {
                mean[p] += map[p] / maps.length;
            }
        }
        return mean;
    }

    @Test
    void thePlantedParcelIsAmongTheTopFivePercentAndShuffledWeightsForgetIt() throws Exception {
        float[] parameters = Initialisation.parameters(MODEL, 1);
        List<Scan> others = scans(20, 3);
        try (var engine = new BrainLm(MODEL)) {
            engine.loadParameters(parameters);
            HeadSettings settings =
                    HeadSettings.classification(2, Pooling.MEAN, true, 1).withEpochs(20, 20);
            try (FineTunedModel tuned =
                    FineTuning.fit(engine, labelled(scans(160, 1), 0), labelled(scans(40, 2), 160), settings)) {
                AttributionStudy.Question logOdds =
                        (window, seconds, random) -> (x, slope) -> tuned.slope(x, seconds, 1, slope);
                AttributionStudy.Maps maps = STUDY.of(MODEL, others, logOdds, done -> {});
                assertThat(maps.errors()).hasSize(20).is(withinTolerance());
                // 5 % of 40 parcels are 2.
                assertThat(rank(mean(maps.size()), PLANTED)).isLessThanOrEqualTo(2);
                for (int patient = 0; patient < 20; patient++) {
                    // It speaks for class 1 in patients of class 1, and against it in the others.
                    assertThat(maps.signed()[patient][PLANTED] > 0)
                            .as("patient %d", patient)
                            .isEqualTo(patient % 2 == 1);
                }
                float[] learnt = new float[engine.parameterCount()];
                engine.readParameters(learnt);
                engine.loadParameters(RandomisedWeights.of(MODEL.layout(), learnt, 1));
                AttributionStudy.Maps shuffled = STUDY.of(MODEL, others, logOdds, done -> {});
                assertThat(RankCorrelation.of(mean(maps.size()), mean(shuffled.size())))
                        .isLessThan(0.5);
                assertThatThrownBy(
                                () -> tuned.slope(new float[PARCELS * FRAMES], OptionalDouble.empty(), 2, new float[1]))
                        .hasMessageContaining("no output 2");
            }
        }
    }

    @Test
    void reconstructionRestsOnWhatIsSeenAndAddsUp() throws Exception {
        try (var engine = new BrainLm(MODEL)) {
            engine.loadParameters(Initialisation.parameters(MODEL, 1));
            AttributionStudy.Question reconstruction = (window, seconds, random) -> question(engine, window, random);
            AttributionStudy.Maps maps = STUDY.of(MODEL, scans(6, 4), reconstruction, done -> {});
            assertThat(maps.errors()).is(withinTolerance());
            for (int patient = 0; patient < 6; patient++) {
                double sum = Arrays.stream(maps.signed()[patient]).sum();
                assertThat(sum)
                        .isCloseTo(
                                maps.differences()[patient],
                                within(0.05 * Math.max(Math.abs(maps.differences()[patient]), 1e-2)));
            }
        }
    }

    private static Explained question(BrainLm engine, float[] window, RandomGenerator random) {
        Mask mask = Mask.random(MODEL.tokens(), 0.5, random);
        boolean[] masked = new boolean[window.length];
        for (int i = 0; i < mask.maskedCount(); i++) {
            Arrays.fill(masked, mask.masked(i) * PATCH, (mask.masked(i) + 1) * PATCH, true);
        }
        return new Reconstruction(engine, new Example(window, mask), masked);
    }
}
