package org.commissure.site.cli;

import java.util.Locale;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Masking;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a window hides. */
final class MaskingOptions {
    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "random: hide tokens anywhere; future: hide the last patches (default: random; a ViT-MAE whose"
                            + " train_mode hides the last frames does only that)")
    private @Nullable String mode;

    @Option(
            names = "--mask-ratio",
            paramLabel = "R",
            description = "share of tokens hidden in random mode, above 0 and below 1 (default: the model's)")
    private @Nullable Double ratio;

    @Option(
            names = "--future-patches",
            paramLabel = "N",
            description = "patches hidden in future mode (default: ${DEFAULT-VALUE})")
    private int futurePatches = 1;

    @Option(
            names = "--minimum-frames",
            paramLabel = "N",
            description = "take scans from this many frames on and pad those shorter than the window (default: the"
                    + " window)")
    private int minimumFrames;

    /** @param modelsRatio when the user gave none */
    Masking masking(ModelConfiguration configuration, double modelsRatio) {
        double share = ratio == null ? modelsRatio : ratio;
        try {
            if (mode == null && ratio == null) {
                return Masking.of(configuration, share);
            }
            return switch (mode == null ? "random" : mode.toLowerCase(Locale.ROOT)) {
                case "random" -> new Masking.Random(share);
                case "future" -> new Masking.Future(futurePatches);
                default -> throw new UserError("--mode is '" + mode + "'", "choose random or future");
            };
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "give --mask-ratio a number such as 0.75, and --future-patches at least 1",
                    e);
        }
    }

    int minimumFrames() {
        return minimumFrames;
    }
}
