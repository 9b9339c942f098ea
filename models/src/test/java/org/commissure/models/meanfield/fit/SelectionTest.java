package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.statistics.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelectionTest {
    private static final SelectionSettings SETTINGS = new SelectionSettings(Fixtures.SCORING, 2, 3, 0.98, 2, 4, false);

    @TempDir
    private Path folder = Path.of("");

    private final AnalyticScorer scorer = new AnalyticScorer();
    private final FitSplits splits = new FitSplits(Fixtures.data(0.1), Fixtures.data(0.2), Fixtures.data(0.3));

    @Test
    void theBestThatDifferAreKept() throws Exception {
        List<Candidate> candidates =
                List.of(candidate(0.9, 0.2), candidate(0.61, 0.2), candidate(0.6, 0.2), candidate(0.6, 0.25));
        List<Chosen> chosen = selection().run(candidates, Optional.empty());
        assertThat(chosen)
                .extracting(one -> candidates.indexOf(one.candidate()))
                .as("the second is too much like the third")
                .containsExactly(2, 3, 0);
        assertThat(chosen).allSatisfy(one -> assertThat(one.test().ks()).isPositive());
    }

    @Test
    void mapsThatFollowEachOtherAreAlikeHoweverTheyAreScaled() throws Exception {
        RegionalParameters one = new RegionalParameters(
                new double[] {0.5, 0.6, 0.8}, new double[] {0.1, 0.2, 0.3}, 4, new double[] {0.003, 0.004, 0.006});
        RegionalParameters twice = new RegionalParameters(
                new double[] {0.25, 0.3, 0.4}, new double[] {0.2, 0.4, 0.6}, 2, new double[] {0.006, 0.008, 0.012});
        List<Chosen> chosen = selection().run(List.of(of(one), of(twice)), Optional.empty());
        assertThat(chosen).hasSize(1);
    }

    @Test
    void aSelectionThatDiedGoesOnToTheSameCosts() throws Exception {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            candidates.add(candidate(0.4 + 0.01 * i, 0.2));
        }
        List<Chosen> whole = selection().run(candidates, Optional.empty());
        Path checkpoint = folder.resolve("selection.json");
        Selection dies = new Selection(scorer, splits, SETTINGS, 5, progress -> {
            if (progress.stage().equals("test") && progress.done() == 2) {
                throw new IllegalStateException("the power went off");
            }
        });
        assertThatThrownBy(() -> dies.run(candidates, Optional.of(checkpoint))).hasMessage("the power went off");
        List<Chosen> resumed = selection().run(candidates, Optional.of(checkpoint));
        assertThat(resumed).isEqualTo(whole);
    }

    @Test
    void withoutAnyCandidateThatCanBeScoredNothingIsChosen() throws Exception {
        assertThat(selection().run(List.of(), Optional.empty())).isEmpty();
    }

    private Selection selection() {
        return new Selection(scorer, splits, SETTINGS, 5, FitListener.NONE);
    }

    private static Candidate candidate(double recurrence, double input) {
        return of(RegionalParameters.homogeneous(Fixtures.REGIONS, recurrence, input, 3, 0.004));
    }

    private static Candidate of(RegionalParameters parameters) {
        return new Candidate(parameters, 1, 1, new Cost(0.5, 0.1, false));
    }
}
