package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvolutionSearchTest {
    private static final int KILLED_AT = 7;

    @TempDir
    private Path folder = Path.of("");

    private final AnalyticScorer scorer = new AnalyticScorer();

    @Test
    void theKnownMinimumIsFound() throws Exception {
        List<GenerationBest> history = search(250, 0.3, FitListener.NONE).run(Optional.empty());
        assertThat(history.getLast().point()[0]).isCloseTo(0.6, within(0.02));
        assertThat(history.getLast().point()[1]).isCloseTo(0.2, within(0.01));
        assertThat(history.getLast().point()[2]).isCloseTo(4, within(0.2));
        assertThat(history.getLast().point()[3]).isCloseTo(0.004, within(2e-4));
    }

    @Test
    void aSearchThatDiedGoesOnFromItsCheckpointToTheSameBits() throws Exception {
        List<GenerationBest> whole = search(20, 0.3, FitListener.NONE).run(Optional.empty());
        Path checkpoint = folder.resolve("search.checkpoint.json");
        FitListener dies = progress -> {
            if (progress.done() == KILLED_AT) {
                throw new IllegalStateException("the power went off");
            }
        };
        assertThatThrownBy(() -> search(20, 0.3, dies).run(Optional.of(checkpoint)))
                .hasMessage("the power went off");
        List<Integer> generations = new java.util.ArrayList<>();
        List<GenerationBest> resumed =
                search(20, 0.3, progress -> generations.add(progress.done())).run(Optional.of(checkpoint));
        assertThat(generations).first().isEqualTo(KILLED_AT + 1);
        assertThat(resumed).hasSameSizeAs(whole);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(resumed.get(i).point()).containsExactly(whole.get(i).point());
            assertThat(resumed.get(i).total()).isEqualTo(whole.get(i).total());
        }
    }

    @Test
    void aFinishedSearchReturnsItsResultWithoutSimulating() throws Exception {
        Path checkpoint = folder.resolve("search.checkpoint.json");
        List<GenerationBest> first = search(5, 0.3, FitListener.NONE).run(Optional.of(checkpoint));
        int scored = scorer.dynamicsScored;
        assertThat(search(5, 0.3, FitListener.NONE).run(Optional.of(checkpoint)))
                .hasSameSizeAs(first);
        assertThat(scorer.dynamicsScored).isEqualTo(scored);
    }

    @Test
    void aCheckpointOfOtherDataIsRefused() throws Exception {
        Path checkpoint = folder.resolve("search.checkpoint.json");
        search(2, 0.3, FitListener.NONE).run(Optional.of(checkpoint));
        assertThatThrownBy(() -> search(2, 0.31, FitListener.NONE).run(Optional.of(checkpoint)))
                .isInstanceOf(FitCheckpointException.class)
                .hasMessageContaining("other data, settings or seeds");
        assertThatThrownBy(() -> search(3, 0.3, FitListener.NONE).run(Optional.of(checkpoint)))
                .isInstanceOf(FitCheckpointException.class);
    }

    @Test
    void aDamagedCheckpointIsRefused() throws Exception {
        Path checkpoint = folder.resolve("search.checkpoint.json");
        search(2, 0.3, FitListener.NONE).run(Optional.of(checkpoint));
        String text = Files.readString(checkpoint);
        Files.writeString(checkpoint, text.substring(0, text.length() / 2));
        assertThatThrownBy(() -> search(2, 0.3, FitListener.NONE).run(Optional.of(checkpoint)))
                .isInstanceOf(FitCheckpointException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void seedsDiffer() throws Exception {
        GenerationBest one = new EvolutionSearch(
                        scorer, Fixtures.data(0.3), Fixtures.space(), Fixtures.search(1), 1, "", FitListener.NONE)
                .run(Optional.empty())
                .getFirst();
        GenerationBest two = new EvolutionSearch(
                        scorer, Fixtures.data(0.3), Fixtures.space(), Fixtures.search(1), 2, "", FitListener.NONE)
                .run(Optional.empty())
                .getFirst();
        assertThat(one.point()).isNotEqualTo(two.point());
    }

    @Test
    void theBestOfManyStartsIsNearerTheMinimumThanTheFirst() throws Exception {
        assertThat(firstTotal(Opening.BROAD)).isLessThan(firstTotal(Opening.PUBLISHED) - 0.1);
    }

    private double firstTotal(Opening opening) throws Exception {
        SearchSettings few = Fixtures.search(1);
        SearchSettings settings = new SearchSettings(
                few.scoring(), few.offspring(), few.parents(), few.generations(), few.repeats(), 0, opening);
        return new EvolutionSearch(scorer, Fixtures.data(0.3), Fixtures.space(), settings, 3, "", FitListener.NONE)
                .run(Optional.empty())
                .getFirst()
                .total();
    }

    @Test
    void aBudgetIsSpentByTheClockAndNotByAGuessOfGenerations() {
        FitPlan plan = FitPlan.within(Duration.ofHours(1), 5, FitPlan.KONG_2021);
        assertThat(plan.seeds()).isEqualTo(1);
        assertThat(plan.search().limitMillis()).isBetween(2_400_000L, 3_600_000L);
        assertThat(plan.search().generations()).isEqualTo(SearchSettings.KONG_2021.generations());
        assertThat(plan.search().opening()).isEqualTo(Opening.BROAD);
    }

    private EvolutionSearch search(int generations, double correlation, FitListener listener) {
        return new EvolutionSearch(
                scorer,
                Fixtures.data(correlation),
                Fixtures.space(),
                Fixtures.search(generations),
                3,
                "test",
                listener);
    }
}
