package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
    private static final Masking MASKING = new Masking.Random(0.5);

    @Test
    void theRateRisesOverFivePercentAndFallsAlongACosine() {
        TrainingPlan plan = TrainingPlan.of(1_000, 8, 0.002, MASKING, 1);
        assertThat(plan.step(0).learningRate()).isCloseTo(0.002 / 50, within(1e-12));
        assertThat(plan.step(49).learningRate()).isEqualTo(0.002);
        assertThat(plan.step(50).learningRate()).isEqualTo(0.002);
        assertThat(plan.step(525).learningRate()).isCloseTo(0.001, within(1e-12));
        assertThat(plan.step(999).learningRate()).isPositive().isLessThan(1e-7);
    }

    @Test
    void everyStepDropsOtherValues() {
        TrainingPlan plan = TrainingPlan.of(1_000, 8, 0.002, MASKING, 1);
        Set<Long> seeds = new HashSet<>();
        for (int step = 0; step < 1_000; step++) {
            seeds.add(plan.step(step).dropoutSeed());
        }
        assertThat(seeds).hasSize(1_000);
    }

    @Test
    void anEpochLeavesItsIncompleteBatchOut() {
        assertThat(TrainingPlan.stepsOfEpochs(10, 17, 8)).isEqualTo(20);
        assertThat(TrainingPlan.stepsOfEpochs(10, 3, 8)).isEqualTo(10);
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingPlan.of(0, 8, 0.002, MASKING, 1))
                .withMessage("training plan: steps = 0 is out of range");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingPlan.of(5, 8, Double.NaN, MASKING, 1))
                .withMessageContaining("learning rate = NaN");
    }
}
