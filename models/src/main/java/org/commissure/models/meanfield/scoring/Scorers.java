package org.commissure.models.meanfield.scoring;

import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.cuda.CudaSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.torch.EngineUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the scorer of the device that the user chose. */
public final class Scorers {
    private static final Logger LOG = LoggerFactory.getLogger(Scorers.class);

    private Scorers() {}

    /**
     * @param threads on the CPU
     * @throws EngineUnavailableException if {@code device} is {@link Device#CUDA} and cannot be used; the message
     *     says what is missing (driver, GPU or compiler) and what to do
     */
    public static Scorer open(Device device, int threads) {
        return open(device, threads, ScoringListener.NONE);
    }

    /** As {@link #open(Device, int)}, with someone to tell about long calls. */
    public static Scorer open(Device device, int threads, ScoringListener listener) {
        return switch (device) {
            case CPU -> onCores(threads, listener);
            case CUDA -> new CudaScorer(CudaSimulator.open(), listener);
            case AUTO -> onGpuIfThere(threads, listener);
        };
    }

    private static Scorer onGpuIfThere(int threads, ScoringListener listener) {
        try {
            return new CudaScorer(CudaSimulator.open(), listener);
        } catch (EngineUnavailableException e) {
            LOG.info("running on the CPU: {}", e.getMessage());
            return onCores(threads, listener);
        }
    }

    private static Scorer onCores(int threads, ScoringListener listener) {
        VectorSimulator simulator = new VectorSimulator();
        return new CoreScorer(simulator, simulator.batch(), threads, listener);
    }
}
