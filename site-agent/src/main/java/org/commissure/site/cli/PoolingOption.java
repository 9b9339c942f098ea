package org.commissure.site.cli;

import java.util.Locale;
import org.commissure.models.brainlm.Pooling;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** Which of the encoder's rows stand for a patient. */
final class PoolingOption {
    @Option(
            names = "--pool",
            paramLabel = "P",
            description = "cls: the CLS token's row; mean: the mean of all others (default: ${DEFAULT-VALUE})")
    private String pool = "cls";

    Pooling chosen() {
        return switch (pool.toLowerCase(Locale.ROOT)) {
            case "cls" -> Pooling.CLS;
            case "mean" -> Pooling.MEAN;
            default -> throw new UserError("--pool is '" + pool + "'", "choose cls or mean");
        };
    }
}
