package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The source is not seeded: bounds are six standard deviations of the binomial. */
final class PatientSamplerTest {
    private static final int PATIENTS = 40;
    private static final int STEPS = 20_000;
    private static final double RATE = 0.13;

    private final PatientSampler sampler = new PatientSampler(new SecureRandom());

    @Test
    void everyPatientIsSampledAtTheRateAndIndependentlyOfTheOthers() {
        int[] each = new int[PATIENTS];
        int firstTwoTogether = 0;
        double sizeVariance = 0;
        for (int step = 0; step < STEPS; step++) {
            List<Integer> sampled = sampler.sample(PATIENTS, RATE);
            assertThat(sampled).doesNotHaveDuplicates().isSorted();
            sampled.forEach(patient -> each[patient]++);
            if (sampled.contains(0) && sampled.contains(1)) {
                firstTwoTogether++;
            }
            sizeVariance += Math.pow(sampled.size() - PATIENTS * RATE, 2) / STEPS;
        }
        for (int count : each) {
            assertThat((double) count).isCloseTo(STEPS * RATE, within(sixDeviations(RATE)));
        }
        assertThat((double) firstTwoTogether).isCloseTo(STEPS * RATE * RATE, within(sixDeviations(RATE * RATE)));
        // A fixed batch size would have variance 0 and void the accountant's amplification.
        double binomial = PATIENTS * RATE * (1 - RATE);
        assertThat(sizeVariance).isCloseTo(binomial, within(binomial * 6 * Math.sqrt(2.2 / STEPS)));
    }

    @Test
    void rateZeroTakesNobodyAndRateOneEverybody() {
        assertThat(sampler.sample(5, 0)).isEmpty();
        assertThat(sampler.sample(5, 1)).containsExactly(0, 1, 2, 3, 4);
        assertThat(sampler.sample(0, 0.5)).isEmpty();
    }

    @Test
    void argumentsOutsideTheirRangesAreRefused() {
        assertThatThrownBy(() -> sampler.sample(-1, 0.5)).hasMessageContaining("patients");
        assertThatThrownBy(() -> sampler.sample(1, Double.NaN)).hasMessageContaining("sampling rate");
        assertThatThrownBy(() -> sampler.sample(1, 1.01)).hasMessageContaining("sampling rate");
    }

    private static double sixDeviations(double probability) {
        return 6 * Math.sqrt(STEPS * probability * (1 - probability));
    }
}
