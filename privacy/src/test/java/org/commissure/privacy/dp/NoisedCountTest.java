package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.junit.jupiter.api.Test;

final class NoisedCountTest {
    @Test
    void theMarginIsTheSmallestThatHoldsNinetyFiveOfAHundredDraws() {
        for (double epsilon : new double[] {0.001, 0.1, 0.25, 0.5, 1, 4}) {
            long margin = new NoisedCount(100, epsilon).margin();
            assertThat(mass(margin, epsilon)).as("ε %s, ±%d", epsilon, margin).isGreaterThanOrEqualTo(0.95);
            assertThat(margin == 0 || mass(margin - 1, epsilon) < 0.95)
                    .as("ε %s, ±%d", epsilon, margin)
                    .isTrue();
        }
    }

    /** The mass of the distribution on [−margin, margin], added up. */
    private static double mass(long margin, double epsilon) {
        double ratio = Math.exp(-epsilon);
        double inside = 0;
        for (long x = -margin; x <= margin; x++) {
            inside += (1 - ratio) / (1 + ratio) * Math.pow(ratio, Math.abs(x));
        }
        return inside;
    }

    @Test
    void itReadsBackFromTheEntryThatStatesIt() {
        NoisedCount count = NoisedCount.draw(120, 0.5, new SecureRandom());
        LogEntry entry = count.state(LogEntries.of("cohort.sealed", Outcome.DONE, Instant.EPOCH)
                        .actor("NYU"))
                .build();
        assertThat(NoisedCount.stated(entry)).contains(count);
        LogEntry without = LogEntries.of("cohort.sealed", Outcome.DONE, Instant.EPOCH)
                .actor("NYU")
                .fact("patients_noised", "many")
                .fact("patients_epsilon", "0.5")
                .build();
        assertThat(NoisedCount.stated(without)).isEmpty();
    }

    @Test
    void itsWordsTellTheUncertaintyAndNoNumberBelowZero() {
        assertThat(new NoisedCount(120, 0.5).words()).isEqualTo("about 120 ± 6");
        assertThat(new NoisedCount(-3, 0.25).words()).isEqualTo("about 0 ± 12");
    }

    @Test
    void theDivergenceIsThatOfTheTwoDistributions() {
        for (double epsilon : new double[] {0.05, 0.25, 1, 3}) {
            double ratio = Math.exp(-epsilon);
            for (double order : new double[] {1.1, 2, 7.5, 64}) {
                double moment = 0;
                int far = (int) (600 / epsilon); // beyond, the terms are no numbers
                for (int x = -far; x <= far; x++) {
                    double here = Math.pow(ratio, Math.abs(x)) * (1 - ratio) / (1 + ratio);
                    double there = Math.pow(ratio, Math.abs(x - 1)) * (1 - ratio) / (1 + ratio);
                    moment += here * Math.pow(here / there, order - 1);
                }
                double expected = Math.log(moment) / (order - 1);
                assertThat(new DiscreteLaplace(1 / epsilon).rdp(order, Relation.ADD_REMOVE))
                        .as("ε %s, order %s", epsilon, order)
                        .isCloseTo(expected, within(1e-9))
                        .isLessThanOrEqualTo(epsilon);
            }
        }
    }

    @Test
    void countsComposeWithTrainingInTheAccountant() {
        Charge training = new Charge("run-1", 1, 1, Charge.GAUSSIAN, 1, 2, 0.4, 60, 1e-5, Instant.EPOCH);
        Charge count = Charge.ofCount("cohort-1", 0.25, 1e-5, Instant.EPOCH);
        double alone = count.alone().epsilon();
        double together = LedgerContents.compose(List.of(training, count), 1e-5).epsilon();
        assertThat(alone).isBetween(0.2, 0.255); // the conversion from a finite order costs a little
        assertThat(together)
                .isGreaterThan(training.alone().epsilon())
                .isLessThanOrEqualTo(training.alone().epsilon() + 0.25);
    }

    @Test
    void aCountOfSampledPatientsIsNoCharge() {
        assertThatThrownBy(() -> new Charge("cohort-1", 0, 0, Charge.COUNT, 1, 4, 0.5, 1, 1e-5, Instant.EPOCH))
                .hasMessageContaining("counts once");
    }
}
