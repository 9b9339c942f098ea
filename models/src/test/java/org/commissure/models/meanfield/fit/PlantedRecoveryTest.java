package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.hierarchy.RankCorrelation;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.Scorers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gradient that was planted in a simulated cohort is found again by the fits, and missed by the homogeneous model. */
final class PlantedRecoveryTest {
    @TempDir
    private Path folder = Path.of("");

    private final PlantedCohort cohort = new PlantedCohort(4);

    @Test
    void evolutionOverMapsFindsThePlantedGradientAndTheHomogeneousModelDoesNotFit() throws Exception {
        FitSplits splits = cohort.splits(Haemodynamics.KONG_2021);
        MapSpace space = new MapSpace(List.of(cohort.gradient, cohort.distractor), ParameterBounds.KONG_2021);
        SearchSettings search = new SearchSettings(cohort.scoring(Haemodynamics.KONG_2021, 4), 64, 6, 45, 1, 0);
        FitPlan plan = new FitPlan(
                1,
                search,
                5,
                new SelectionSettings(cohort.scoring(Haemodynamics.KONG_2021, 4), 5, 1, 0.98, 5, 2, false));
        try (Scorer scorer = Scorers.open(Device.CPU, 2)) {
            Chosen found = EvolutionFit.run(scorer, splits, space, plan, 1, Optional.empty(), FitListener.NONE)
                    .chosen()
                    .getFirst();
            Chosen flat = EvolutionFit.run(
                            scorer,
                            splits,
                            new HomogeneousSpace(PlantedCohort.REGIONS, ParameterBounds.KONG_2021),
                            plan,
                            1,
                            Optional.empty(),
                            FitListener.NONE)
                    .chosen()
                    .getFirst();
            RegionalParameters parameters = found.candidate().parameters();
            assertThat(RankCorrelation.of(parameters.input(), cohort.gradient.values()))
                    .isGreaterThan(0.8);
            assertThat(flat.test().total()).isGreaterThan(found.test().total() + 0.1);
        }
    }

    @Test
    void inversionFitsWhatTheHomogeneousModelCannot() throws Exception {
        FitSplits splits = cohort.splits(Haemodynamics.WANG_2018);
        InversionSettings settings = InversionSettings.wang2018(PlantedCohort.TIMING, 6);
        SelectionSettings selection =
                new SelectionSettings(cohort.scoring(Haemodynamics.WANG_2018, 4), 5, 1, 0.98, 5, 2, true);
        try (Scorer scorer = Scorers.open(Device.CPU, 2)) {
            Chosen found = invert(scorer, splits, settings, selection, false);
            Chosen flat = invert(scorer, splits, settings, selection, true);
            assertThat(found.test().fcCorrelation()).isGreaterThan(flat.test().fcCorrelation() + 0.05);
        }
    }

    @Test
    void theBestOfSeveralStartsIsNoWorseThanTheFirstAlone() throws Exception {
        FitSplits splits = cohort.splits(Haemodynamics.WANG_2018);
        try (Scorer scorer = Scorers.open(Device.CPU, 2)) {
            FitOutcome one = starts(scorer, splits, 1);
            FitOutcome three = starts(scorer, splits, 3);
            assertThat(three.curves()).hasSize(3).doesNotHaveDuplicates();
            assertThat(three.curves().getFirst()).isEqualTo(one.curves().getFirst());
            assertThat(three.chosen().getFirst().validation().fcCorrelation())
                    .isGreaterThanOrEqualTo(one.chosen().getFirst().validation().fcCorrelation());
        }
    }

    private FitOutcome starts(Scorer scorer, FitSplits splits, int starts) throws Exception {
        SelectionSettings selection =
                new SelectionSettings(cohort.scoring(Haemodynamics.WANG_2018, 4), 2, 1, 0.98, 1, 1, true);
        return InversionFit.run(
                scorer,
                splits,
                LogScales.wang2018(PlantedCohort.REGIONS, true),
                InversionSettings.wang2018(PlantedCohort.TIMING, 2),
                starts,
                2 * starts,
                selection,
                1,
                2,
                "starts",
                Optional.empty(),
                FitListener.NONE);
    }

    private static Chosen invert(
            Scorer scorer,
            FitSplits splits,
            InversionSettings settings,
            SelectionSettings selection,
            boolean homogeneous)
            throws Exception {
        return InversionFit.run(
                        scorer,
                        splits,
                        LogScales.wang2018(PlantedCohort.REGIONS, homogeneous),
                        settings,
                        1,
                        3,
                        selection,
                        1,
                        2,
                        "inversion",
                        Optional.empty(),
                        FitListener.NONE)
                .chosen()
                .getFirst();
    }

    @Test
    void anInversionThatDiedGoesOnToTheSameBits() throws Exception {
        FitData train = cohort.people(1, Haemodynamics.WANG_2018);
        Path checkpoint = folder.resolve("inversion.checkpoint.json");
        try (Scorer scorer = Scorers.open(Device.CPU, 2)) {
            List<InversionStep> whole =
                    inversion(scorer, train, FitListener.NONE).run(Optional.empty());
            FitListener dies = progress -> {
                if (progress.done() == 2) {
                    throw new IllegalStateException("the power went off");
                }
            };
            assertThatThrownBy(() -> inversion(scorer, train, dies).run(Optional.of(checkpoint)))
                    .hasMessage("the power went off");
            List<Integer> iterations = new ArrayList<>();
            List<InversionStep> resumed = inversion(scorer, train, progress -> iterations.add(progress.done()))
                    .run(Optional.of(checkpoint));
            assertThat(iterations).first().isEqualTo(3);
            for (int i = 0; i < whole.size(); i++) {
                assertThat(resumed.get(i).logs()).containsExactly(whole.get(i).logs());
            }
            FitData other = cohort.people(2, Haemodynamics.WANG_2018);
            assertThatThrownBy(() -> inversion(scorer, other, FitListener.NONE).run(Optional.of(checkpoint)))
                    .isInstanceOf(FitCheckpointException.class);
        }
    }

    @Test
    void anInterruptEndsAFitAndLeavesItsCheckpoint() throws Exception {
        FitData train = cohort.people(1, Haemodynamics.WANG_2018);
        Path checkpoint = folder.resolve("interrupted.checkpoint.json");
        try (Scorer scorer = Scorers.open(Device.CPU, 2)) {
            FitListener interrupts = progress -> Thread.currentThread().interrupt();
            assertThatThrownBy(() -> inversion(scorer, train, interrupts).run(Optional.of(checkpoint)))
                    .isInstanceOf(InterruptedException.class);
            assertThat(checkpoint).exists();
        }
    }

    private Inversion inversion(Scorer scorer, FitData train, FitListener listener) {
        return new Inversion(
                scorer,
                train,
                LogScales.wang2018(PlantedCohort.REGIONS, false),
                InversionSettings.wang2018(PlantedCohort.TIMING, 4),
                7,
                2,
                "inversion",
                listener);
    }
}
