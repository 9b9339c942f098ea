package org.commissure.privacy.dp;

import java.time.Instant;

/**
 * A patient's consent, withdrawn or given again. What was spent on the patient before stays spent.
 *
 * @param number of the change at this site, from 1; a number is recorded once
 * @param patient salted hash (hex), which names nobody without the site's secret
 * @param withdrawn false where consent was given again
 */
public record ConsentChange(long number, String patient, boolean withdrawn, Instant when) {
    /** @throws IllegalArgumentException if {@code patient} is no SHA-256 or the number below 1 */
    public ConsentChange {
        if (number < 1 || !patient.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a consent change needs a number from 1 and a salted hash");
        }
    }
}
