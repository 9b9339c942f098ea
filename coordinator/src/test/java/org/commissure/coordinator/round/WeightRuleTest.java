package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;

class WeightRuleTest {
    private static final int MAXIMUM = 64;

    private static String study(String mode, int minimum) {
        return Studies.text(2, 2, 60)
                .replace("maximum_colluders = 1\n", "maximum_colluders = 1\nminimum_weight = " + minimum + "\n")
                .replace("mode = \"none\"", "mode = \"" + mode + "\"")
                .replace("noise_multiplier = 0.0", "noise_multiplier = 1.0");
    }

    /** A training sum of all four sites, just opened. */
    private static Script opened(String mode, int minimum) {
        Script script = new Script(study(mode, minimum), 1).sum().begin();
        assertThat(script.run.sum().kind()).isEqualTo(SumKind.TRAIN);
        return script.upTo(Step.UNMASK_SHARES).answer(Step.UNMASK_SHARES, "A", "B", "C", "D");
    }

    private static RingVector sum(Script script, int... weights) {
        var config = ((Aggregating) script.run.phase()).transcript().config();
        FixedPoint encoding = SumEncoding.fixedPoint(config);
        RingVector sum = RingVector.zeros(new Ring(32), 2);
        for (int weight : weights) {
            RingVector one = RingVector.zeros(new Ring(32), 1);
            encoding.encode(
                    new float[] {1}, 0, 1, (double) weight / MAXIMUM, one, 0, RandomGenerator.of("L64X128MixRandom"));
            sum.set(1, sum.get(1) + one.get(0));
        }
        return sum;
    }

    private static boolean withheld(int minimum, int... weights) {
        Script script = opened("local", minimum);
        return WeightRule.refusal(script.run, ((Aggregating) script.run.phase()).transcript(), sum(script, weights))
                .isPresent();
    }

    @Test
    void theSummedWeightDecidesAndNotTheNumberOfSites() {
        assertThat(withheld(100, 64, 24, 8, 8)).isFalse();
        assertThat(withheld(104, 64, 24, 8, 8)).isFalse();
        assertThat(withheld(105, 64, 24, 8, 8)).isTrue();
        assertThat(withheld(100, 24, 24, 24, 24)).isTrue();
    }

    @Test
    void theReasonDoesNotTellTheWeight() {
        Script script = opened("local", 200);
        assertThat(WeightRule.refusal(
                        script.run, ((Aggregating) script.run.phase()).transcript(), sum(script, 64, 24, 8, 8)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("200").doesNotContain("104"));
    }

    @Test
    void withNoiseAWithheldSumIsRepeatedAfresh() {
        Script script = opened("local", 200);
        script.apply(new RunEvent.SumWithheld(script.now, script.run.sum(), "too light"));
        assertThat(script.logged()).containsSubsequence(List.of("sum.withheld", "sum.aborted"));
        assertThat(script.run.modelSha256()).isEqualTo(Script.MODEL);
        assertThat(script.begin().run.sum()).isEqualTo(new Sum(1, SumKind.TRAIN, 2));
    }

    @Test
    void withoutNoiseAWithheldSumEndsTheRunForTwoSumsWouldShowTheirDifference() {
        Script script = opened("none", 200);
        script.apply(new RunEvent.SumWithheld(script.now, script.run.sum(), "too light"));
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(script.run.reason()).contains("too light", "not repeated");
        assertThat(script.logged()).contains("sum.withheld", "run.finished");
    }
}
