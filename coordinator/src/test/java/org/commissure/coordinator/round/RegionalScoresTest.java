package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;

final class RegionalScoresTest {

    @Test
    void aScoreIsTheMeanOfTheSitesWithTheIntervalOfTheirBootstraps() {
        // Sites with .4 and .6, each with a bootstrap variance of .01.
        RegionalScores.Score score = RegionalScores.Score.of(1, 0.52, 0.02, 2);
        assertThat(score.mean()).isEqualTo(0.5);
        assertThat(score.high() - score.mean()).isCloseTo(1.959964 * Math.sqrt(0.02) / 2, within(1e-9));
        assertThat(score.betweenSites()).isCloseTo(Math.sqrt(0.02), within(1e-9));
    }

    @Test
    void aCandidateThatNoSiteScoredIsLeftOut() {
        double[] values = new double[1 + 27];
        values[0] = 40;
        values[1] = 1.2;
        values[7] = 1;
        values[8] = 0.5;
        RegionalScores scores = RegionalScores.of(values, 2);
        assertThat(scores.candidates())
                .extracting(RegionalScores.Candidate::name)
                .containsExactly("fit");
        assertThat(scores.patients()).isEqualTo(40);
    }

    @Test
    void aLostFitEndsTheRunAndALostRefinementDoesNot() {
        assertThat(Course.isTheEnd(SumKind.STATISTICS, 1)).isTrue();
        assertThat(Course.isTheEnd(SumKind.FIT, 1)).isTrue();
        assertThat(Course.isTheEnd(SumKind.REFINE, 3)).isFalse();
        assertThat(Course.isTheEnd(SumKind.TRAIN, 1)).isFalse();
        assertThat(Course.isTheEnd(SumKind.TRAIN, 2)).isTrue();
    }
}
