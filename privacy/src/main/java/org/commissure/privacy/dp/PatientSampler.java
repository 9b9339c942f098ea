package org.commissure.privacy.dp;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Poisson sampling of patients, which is what the accountant's amplification assumes: each patient
 * takes part independently. Who was sampled is secret, hence the cryptographic source. Thread-safe.
 */
public final class PatientSampler {
    private final SecureRandom random;

    public PatientSampler(SecureRandom random) {
        this.random = random;
    }

    /**
     * The sampled patients' indices in [0, patients), ascending; may well be empty, and the step then
     * still happens, with noise alone.
     *
     * @param rate q in [0, 1]
     * @throws IllegalArgumentException naming the argument outside its range
     */
    public List<Integer> sample(int patients, double rate) {
        if (patients < 0) {
            throw new IllegalArgumentException("the number of patients is " + patients + ", below 0");
        }
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("the sampling rate is " + rate + ", not in [0, 1]");
        }
        List<Integer> sampled = new ArrayList<>();
        for (int patient = 0; patient < patients; patient++) {
            if (random.nextDouble() < rate) {
                sampled.add(patient);
            }
        }
        return sampled;
    }
}
