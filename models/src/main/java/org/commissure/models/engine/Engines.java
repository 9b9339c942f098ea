package org.commissure.models.engine;

import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.torch.EngineUnavailableException;
import org.commissure.models.torch.Precision;
import org.commissure.models.torch.TorchModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a model on the device that the user chose. libtorch is loaded only if CUDA is asked for. */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /** Parameters from which a ViT-MAE's activations are computed twice instead of kept: the 650M model's. */
    private static final int RECOMPUTE_FROM = 300_000_000;

    /**
     * A model without parameters; call {@link MaskedAutoencoder#loadParameters} next, and close it in the end.
     *
     * @param threads of the CPU engine
     * @throws EngineUnavailableException if {@code device} is {@link Device#CUDA} and cannot be used; the message says
     *     what is missing (libraries, driver, GPU) and what to do
     */
    public static TrainableModel open(ModelConfiguration configuration, Device device, int threads) {
        return switch (device) {
            case CPU -> onCpu(configuration, threads);
            case CUDA -> TorchModel.onGpu(configuration, Precision.BFLOAT16);
            case AUTO -> onGpuIfThere(configuration, threads);
        };
    }

    private static TrainableModel onGpuIfThere(ModelConfiguration configuration, int threads) {
        try {
            return TorchModel.onGpu(configuration, Precision.BFLOAT16);
        } catch (EngineUnavailableException e) {
            LOG.info("running on the CPU: {}", e.getMessage());
            return onCpu(configuration, threads);
        }
    }

    private static TrainableModel onCpu(ModelConfiguration configuration, int threads) {
        if (configuration instanceof VitMaeConfiguration c) {
            return new BrainLm(c, threads, c.layout().parameterCount() > RECOMPUTE_FROM);
        }
        if (configuration instanceof BrainLmConfiguration c) {
            return new BrainLm(c, threads);
        }
        throw new IllegalArgumentException("no engine knows a configuration of preset " + configuration.preset());
    }
}
