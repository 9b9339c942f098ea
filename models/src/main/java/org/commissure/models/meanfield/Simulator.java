package org.commissure.models.meanfield;

import java.util.List;

/**
 * An engine that integrates the model. Implementations are thread-safe; a closed engine refuses to
 * work.
 */
public interface Simulator extends AutoCloseable {
    /**
     * Simulates every candidate with the same noise.
     *
     * @return all frames (discarded ones included) of each candidate, in order; a candidate that left the
     *     range of numbers has values that are not finite and does not disturb the others
     * @throws IllegalArgumentException if a candidate's regions are not the connectome's
     */
    List<Bold> simulate(
            Connectome connectome,
            List<RegionalParameters> candidates,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise);

    /** What computes, for people: "CPU, float, 512-bit vectors". */
    String description();

    @Override
    void close();
}
