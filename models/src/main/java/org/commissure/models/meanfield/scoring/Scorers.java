package org.commissure.models.meanfield.scoring;

import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.torch.EngineUnavailableException;

/** Opens the scorer of the device that the user chose. */
public final class Scorers {
    private Scorers() {}

    /**
     * @param threads on the CPU
     * @throws EngineUnavailableException if {@code device} is {@link Device#CUDA} and cannot be used
     */
    public static Scorer open(Device device, int threads) {
        return open(device, threads, ScoringListener.NONE);
    }

    /** As {@link #open(Device, int)}, with someone to tell about long calls. */
    public static Scorer open(Device device, int threads, ScoringListener listener) {
        return switch (device) {
            case CPU, AUTO -> onCores(threads, listener);
            case CUDA ->
                throw new EngineUnavailableException(
                        "regional models run on the CPU only in this version;" + " leave --device out, or say cpu");
        };
    }

    private static Scorer onCores(int threads, ScoringListener listener) {
        VectorSimulator simulator = new VectorSimulator();
        return new CoreScorer(simulator, simulator.batch(), threads, listener);
    }
}
