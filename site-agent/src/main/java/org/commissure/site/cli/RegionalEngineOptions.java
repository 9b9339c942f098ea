package org.commissure.site.cli;

import java.util.Locale;
import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.Scorers;
import org.commissure.models.meanfield.scoring.ScoringListener;
import org.commissure.models.torch.EngineUnavailableException;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** What regional models are simulated on. */
final class RegionalEngineOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "cpu, cuda (an NVIDIA GPU), or auto: cuda where it works (default: ${DEFAULT-VALUE})")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "threads on the CPU (default: one per core)")
    private int threads = Runtime.getRuntime().availableProcessors();

    /** Close it in the end. */
    Scorer open(ScoringListener listener) {
        if (threads < 1) {
            throw new UserError("--threads is " + threads, "give at least one");
        }
        try {
            return Scorers.open(device(), threads, listener);
        } catch (EngineUnavailableException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()), "do what it says, or run on the CPU with --device cpu", e);
        }
    }

    Device device() {
        return switch (device.toLowerCase(Locale.ROOT)) {
            case "cpu" -> Device.CPU;
            case "cuda" -> Device.CUDA;
            case "auto" -> Device.AUTO;
            default -> throw new UserError("--device is '" + device + "'", "choose cpu, cuda or auto");
        };
    }

    int threads() {
        return threads;
    }
}
