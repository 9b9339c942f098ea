package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.scoring.StagedScores;
import org.commissure.models.meanfield.statistics.Cost;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class LazyRankingTest {
    private static final int PARENTS = 8;

    @RepeatedTest(20)
    void theParentsAreThoseOfScoringEverything(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Cost> costs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            costs.add(i % 17 == 0 ? Cost.DIVERGED : new Cost(random.nextDouble(), 0.3 * random.nextDouble(), false));
        }
        LazyRanking lazy = LazyRanking.of(staged(costs), PARENTS, 3);
        List<Integer> all = IntStream.range(0, costs.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> costs.get(i).total()))
                .limit(PARENTS)
                .toList();
        assertThat(lazy.best()).isEqualTo(all);
        assertThat(lazy.costs()).isEqualTo(all.stream().map(costs::get).toList());
        assertThat(lazy.dynamicsScored()).isBetween(PARENTS, 99);
    }

    @Test
    void whereTheDynamicsDecideNobodyIsLeftOut() throws Exception {
        List<Cost> costs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            costs.add(new Cost(0.5, (30 - i) / 31.0, false));
        }
        LazyRanking lazy = LazyRanking.of(staged(costs), 4, 4);
        assertThat(lazy.best()).containsExactly(29, 28, 27, 26);
        assertThat(lazy.dynamicsScored()).isEqualTo(30);
    }

    private static StagedScores staged(List<Cost> costs) {
        return new StagedScores() {
            @Override
            public List<Cost> connectivity() {
                return costs.stream()
                        .map(cost -> new Cost(cost.fcCorrelation(), 0, cost.diverged()))
                        .toList();
            }

            @Override
            public List<Cost> withDynamics(List<Integer> candidates) {
                return candidates.stream().map(costs::get).toList();
            }

            @Override
            public void close() {}
        };
    }
}
