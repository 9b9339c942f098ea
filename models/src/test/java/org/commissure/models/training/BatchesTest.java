package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.brainlm.Example;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final List<SyntheticScan> COHORT = SyntheticScan.cohort(7, 40, 0.9, 0.8, 1);

    @Test
    void anEpochTakesEveryPatientAtMostOnceAndTheNextInAnotherOrder() throws Exception {
        try (Batches batches = from(0, 3)) {
            List<Integer> first = new ArrayList<>();
            List<Integer> second = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                List<Integer> epoch = step < 2 ? first : second;
                Arrays.stream(batches.next().scans()).forEach(epoch::add);
            }
            assertThat(first).hasSize(6).doesNotHaveDuplicates();
            assertThat(second).hasSize(6).doesNotHaveDuplicates().isNotEqualTo(first);
        }
    }

    @Test
    void aBatchFollowsFromItsStepAlone() throws Exception {
        try (Batches straight = from(0, 3);
                Batches later = from(5, 3)) {
            for (int step = 0; step < 5; step++) {
                straight.next();
            }
            Batches.Batch one = straight.next();
            Batches.Batch other = later.next();
            assertThat(one.scans()).containsExactly(other.scans());
            for (int i = 0; i < 3; i++) {
                Example a = one.examples().get(i);
                Example b = other.examples().get(i);
                assertThat(a.window()).containsExactly(b.window());
                for (int m = 0; m < a.mask().maskedCount(); m++) {
                    assertThat(a.mask().masked(m)).isEqualTo(b.mask().masked(m));
                }
            }
        }
    }

    @Test
    void aBatchLargerThanTheCohortTakesSeveralWindowsOfAPatient() throws Exception {
        try (Batches batches = from(0, 16)) {
            Batches.Batch batch = batches.next();
            assertThat(batch.examples()).hasSize(16);
            assertThat(Arrays.stream(batch.scans()).distinct().count()).isEqualTo(7);
        }
    }

    @Test
    void windowsComeFromEveryScanOfAPatient() throws Exception {
        SyntheticScan first = new SyntheticScan(SyntheticScan.PARCELS, 24, 0.5, 0.5, 1);
        SyntheticScan second = new SyntheticScan(SyntheticScan.PARCELS, 24, 0.5, 0.5, 2);
        float[] ofFirst = window(first);
        float[] ofSecond = window(second);
        TrainingPlan plan = TrainingPlan.of(20, 1, 0.001, new Masking.Random(0.5), 4);
        int seen = 0;
        try (Batches batches = new Batches(SyntheticScan.SMALL, List.of(new TwoVisits(first, second)), plan, 0)) {
            for (int step = 0; step < 20; step++) {
                float[] window = batches.next().examples().getFirst().window();
                assertThat(Arrays.equals(window, ofFirst) || Arrays.equals(window, ofSecond))
                        .isTrue();
                seen += Arrays.equals(window, ofSecond) ? 1 : 0;
            }
        }
        assertThat(seen).isBetween(2, 18);
    }

    @Test
    void anEvaluationScoresEveryScanOfAPatient() throws Exception {
        SyntheticScan first = new SyntheticScan(SyntheticScan.PARCELS, 24, 0.5, 0.5, 1);
        SyntheticScan second = new SyntheticScan(SyntheticScan.PARCELS, 60, 0.5, 0.5, 2);
        Masking half = new Masking.Random(0.5);
        List<Scan> patients = List.of(new TwoVisits(first, second));
        assertThat(new Evaluation(SyntheticScan.SMALL, patients, 3, half, 0, 1).examples(0))
                .hasSize(1 + 1);
        assertThat(new Evaluation(SyntheticScan.SMALL, patients, 4, half, 0, 1).examples(0))
                .hasSize(1 + 2);
        assertThat(new Evaluation(SyntheticScan.SMALL, patients, 1, half, 0, 1).examples(0))
                .hasSize(1);
        assertThat(new Evaluation(SyntheticScan.SMALL, patients, 4, half, 0, 1)
                        .examples(0)
                        .get(0)
                        .window())
                .containsExactly(window(first));
    }

    private static float[] window(Scan scan) throws Exception {
        return EvenWindows.of(SyntheticScan.SMALL, 0, scan, 1).getFirst();
    }

    @Test
    void closingStopsThePreparation() throws Exception {
        Batches batches = from(0, 3);
        batches.next();
        batches.close();
        batches.close();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private static Batches from(long step, int batchSize) {
        return new Batches(
                SyntheticScan.SMALL, COHORT, TrainingPlan.of(100, batchSize, 0.001, new Masking.Random(0.5), 4), step);
    }
}
