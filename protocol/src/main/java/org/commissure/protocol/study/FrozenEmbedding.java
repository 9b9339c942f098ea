package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The encoder of a released model as a phenotype's features. Every site computes the same from it: nothing of the model
 * is trained.
 *
 * @param modelSha256 hex, of the model's parameters as flat little-endian float32: the {@code model_sha256} of its run
 * @param windowsPerScan at most, side by side
 * @param model the {@code [model]} section of the study that trained it
 */
public record FrozenEmbedding(String modelSha256, Readout pooling, int windowsPerScan, Model model) {
    private static final String KEY = "phenotype.features.embedding";

    /** Which of the encoder's rows stand for a window. */
    public enum Readout {
        /** The CLS token's. */
        @JsonProperty("cls")
        CLS,
        /** The mean of all others. */
        @JsonProperty("mean")
        MEAN
    }

    public FrozenEmbedding {
        Checks.sha256(KEY + ".model_sha256", modelSha256);
        modelSha256 = modelSha256.toLowerCase(Locale.ROOT);
        Checks.present(KEY + ".pooling", pooling);
        Checks.range(KEY + ".windows_per_scan", windowsPerScan, 1, 1_000);
        Checks.present(KEY + ".model", model);
        if (!(model.network() instanceof Network.Transformer)) {
            throw new StudyException(
                    KEY + ".model.preset", "is " + model.preset() + ", which has no encoder to embed with");
        }
        // As many as a projection of connectivity may have.
        Checks.range(KEY + ".model.hidden", encoderWidth(model), 2, 1_024);
    }

    private static int encoderWidth(Model model) {
        return ((Network.Transformer) model.network()).encoder().hidden();
    }

    /** Numbers of one patient. */
    public int width() {
        return encoderWidth(model);
    }

    public byte[] sha256() {
        return HexFormat.of().parseHex(modelSha256);
    }

    void checkFits(int parcels, int minimumFrames) {
        if (parcels != model.parcels()) {
            throw new StudyException(
                    "phenotype.features.parcels", "is " + parcels + ", but the model reads " + model.parcels());
        }
        if (minimumFrames < model.windowFrames()) {
            throw new StudyException(
                    "phenotype.features.minimum_frames",
                    "is " + minimumFrames + ", but the model reads windows of " + model.windowFrames() + " frames");
        }
    }
}
