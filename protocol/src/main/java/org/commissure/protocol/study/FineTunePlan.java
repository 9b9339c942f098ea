package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.TargetKind;

/**
 * What a study of kind {@link StudyFile#FINETUNE} asks for: a column of {@code participants.tsv} predicted by a head on a
 * released model's encoder, both trained as any network is. {@link FineTuneVector} says what the trained vector holds.
 *
 * @param externalFraction share of a site's patients that is sealed as its external cohort
 * @param modelSha256 hex, of the released model's parameters as flat little-endian float32
 * @param windowsPerScan at most, side by side; a patient is the mean of their embeddings
 * @param encoderRate what a change of the encoder is worth beside one of the head: the encoder is the released one plus
 *     this times what is trained. Adam moves it at this share of the head's rate, gradient descent at its square; 0.1
 *     where it is absent
 * @param headWidths of the hidden layers; none where it is absent, and the head is linear
 * @param baselines what is scored beside; {@link #models} alone where it is absent
 */
public record FineTunePlan(
        double externalFraction,
        String modelSha256,
        FrozenEmbedding.Readout pooling,
        int windowsPerScan,
        Trainable trainable,
        OptionalDouble encoderRate,
        Optional<List<Integer>> headWidths,
        Target target,
        Optional<FineTuneBaselines> baselines) {
    private static final double USUAL_ENCODER_RATE = 0.1;
    private static final List<String> MODELS = List.of("fine-tuned", "mean");

    /** What moves. */
    public enum Trainable {
        /** The encoder stays as it was released. */
        @JsonProperty("head")
        HEAD,
        /** The head and every parameter of the encoder. */
        @JsonProperty("all")
        ALL
    }

    /**
     * What is predicted.
     *
     * @param classes of a classification, two to twelve, in the order in which they are coded 0, 1 and so on
     * @param centre of a regression: about its mean, public, not computed from patients
     * @param scale of a regression: about its standard deviation
     */
    public record Target(
            String column,
            PhenotypePlan.Type type,
            Optional<List<String>> classes,
            OptionalDouble centre,
            OptionalDouble scale) {
        public Target {
            Checks.text("finetune.target.column", column);
            Checks.present("finetune.target.type", type);
            boolean classification = type == PhenotypePlan.Type.CLASSIFICATION;
            requireOnlyIf(classification, classes.isPresent(), "classes", type);
            requireOnlyIf(!classification, centre.isPresent(), "centre", type);
            requireOnlyIf(!classification, scale.isPresent(), "scale", type);
            PhenotypePlan.checkClasses("finetune.target.classes", classes);
            Checks.range("finetune.target.centre", centre.orElse(0), -1e9, 1e9);
            Checks.range("finetune.target.scale", scale.orElse(1), 1e-9, 1e9);
        }

        private static void requireOnlyIf(boolean wanted, boolean stated, String key, PhenotypePlan.Type type) {
            if (wanted != stated) {
                String kind = "a " + type.name().toLowerCase(Locale.ROOT);
                throw new StudyException(
                        "finetune.target." + key,
                        wanted ? "is missing, which " + kind + " needs" : "is not for " + kind);
            }
        }

        /** As {@code participants.tsv} has it. */
        public PhenotypePlan.Column asColumn() {
            return new PhenotypePlan.Column(column, classes);
        }

        /** Numbers that a model gives: one, or of each class its probability. */
        public int outputs() {
            return classes.map(List::size).orElse(1);
        }

        /** What is scored; a number in units of {@code scale}. */
        public TargetKind kind() {
            return classes.map(names -> TargetKind.classes(names.size()))
                    .orElseGet(() -> TargetKind.regression(centre.orElseThrow(), scale.orElseThrow()));
        }
    }

    public FineTunePlan {
        Checks.openUnit("finetune.external_fraction", externalFraction);
        Checks.sha256("finetune.model_sha256", modelSha256);
        modelSha256 = modelSha256.toLowerCase(Locale.ROOT);
        Checks.present("finetune.pooling", pooling);
        Checks.range("finetune.windows_per_scan", windowsPerScan, 1, 1_000);
        Checks.present("finetune.trainable", trainable);
        if (trainable == Trainable.HEAD && encoderRate.isPresent()) {
            throw new StudyException("finetune.encoder_rate", "is for finetune.trainable = \"all\"");
        }
        Checks.range("finetune.encoder_rate", encoderRate.orElse(1), 1e-6, 1);
        headWidths = headWidths.map(List::copyOf);
        List<Integer> hidden = headWidths.orElse(List.of());
        Checks.range("finetune.head_widths", hidden.size(), 0, 4);
        hidden.forEach(width -> Checks.range("finetune.head_widths", width, 1, 4_096));
    }

    void checkFits(Model model) {
        if (!(model.network() instanceof Network.Transformer)) {
            throw new StudyException(
                    "model.preset",
                    "is " + model.preset() + ", which has no encoder to fine-tune; use a model of preset "
                            + Preset.COMMISSURE_SMALL + " or " + Preset.COMMISSURE_BASE);
        }
    }

    /** @throws StudyException naming the key that is out of range */
    Optional<PhenotypePlan> baselinesPlan(Model model) {
        return baselines.map(section -> section.plan(this, model));
    }

    public byte[] sha256() {
        return HexFormat.of().parseHex(modelSha256);
    }

    /** {@link #encoderRate}, or what it is where the study does not say; 0 where the encoder stays. */
    public double rateOfEncoder() {
        return trainable == Trainable.HEAD ? 0 : encoderRate.orElse(USUAL_ENCODER_RATE);
    }

    /** Widths of the head's hidden layers, first to last. */
    public List<Integer> hidden() {
        return headWidths.orElse(List.of());
    }

    /** The models that every EVALUATE scores, in its order. */
    public List<String> models() {
        return MODELS;
    }

    /** Numbers of one model in EVALUATE. */
    public int scores() {
        return PredictionSums.length(target.kind());
    }
}
