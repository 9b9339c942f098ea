package org.commissure.site.compute;

import java.util.random.RandomGenerator;
import org.commissure.models.training.Scan;
import org.commissure.models.weights.ParameterLayout;

/**
 * Where the one contribution of one patient to one local step comes from: what a network is trained for. Clipping,
 * noise and steps know nothing of it. Not thread-safe.
 *
 * <p>Restriction: a contribution depends on the loaded parameters, the patient and the stream, and on no other patient.
 * The privacy of every mode rests on this.
 */
public interface PatientGradient {
    /** Names, shapes and order of the vector that is trained. */
    ParameterLayout layout();

    /** Length of the vector. */
    int parameterCount();

    /** @throws IllegalArgumentException if the vector does not fit or is not finite */
    void load(float[] parameters);

    /**
     * Writes the patient's gradient at the loaded parameters to {@code out}, unclipped.
     *
     * @param random for windows and masks; no secret
     * @throws LocalWorkException if a series cannot be read or is damaged
     * @throws InterruptedException if reading was stopped
     */
    void of(Scan patient, RandomGenerator random, float[] out) throws LocalWorkException, InterruptedException;
}
