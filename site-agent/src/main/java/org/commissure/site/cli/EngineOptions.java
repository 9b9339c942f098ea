package org.commissure.site.cli;

import java.util.Locale;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.engine.Device;
import org.commissure.models.engine.Engines;
import org.commissure.models.torch.EngineUnavailableException;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** What a model computes on. */
final class EngineOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "cpu, cuda (an NVIDIA GPU), or auto: cuda where it works (default: ${DEFAULT-VALUE})")
    private String device = "cpu";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads on the CPU; another number of threads rounds differently (default: one per core)")
    private int threads = Runtime.getRuntime().availableProcessors();

    /** A model without parameters; close it in the end. */
    TrainableModel open(ModelConfiguration configuration) {
        if (threads < 1) {
            throw new UserError("--threads is " + threads, "give at least one");
        }
        try {
            return Engines.open(configuration, chosen(), threads);
        } catch (EngineUnavailableException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()), "do what it says, or run on the CPU with --device cpu", e);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "choose a model that this version can run", e);
        }
    }

    private Device chosen() {
        return switch (device.toLowerCase(Locale.ROOT)) {
            case "cpu" -> Device.CPU;
            case "cuda" -> Device.CUDA;
            case "auto" -> Device.AUTO;
            default -> throw new UserError("--device is '" + device + "'", "choose cpu, cuda or auto");
        };
    }
}
