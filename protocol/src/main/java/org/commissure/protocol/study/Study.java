package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One study, as its TOML file states it. Every number is validated on construction; a value outside
 * its range is a {@link StudyException} that names the key.
 *
 * @param model opaque to the coordinator: it never looks inside a model
 */
public record Study(
        Description study,
        Rounds rounds,
        Quorum quorum,
        Deadlines deadlines,
        SecureAggregation secureAggregation,
        Privacy privacy,
        Training training,
        Model model,
        Evaluation evaluation) {

    /** @param purpose why the data may be used; sites match it against their policy */
    public record Description(String name, String purpose) {
        public Description {
            Checks.text("study.name", name);
            Checks.text("study.purpose", purpose);
        }
    }

    /**
     * @param count federated rounds after the evaluation of the initial model
     * @param maximumAttempts how often a round is tried again before it ends as aborted
     * @param serverLearningRate factor on the averaged update (FedAvg: 1)
     */
    public record Rounds(int count, int maximumAttempts, double serverLearningRate) {
        public Rounds {
            Checks.range("rounds.count", count, 1, 100_000);
            Checks.range("rounds.maximum_attempts", maximumAttempts, 1, 20);
            Checks.range("rounds.server_learning_rate", serverLearningRate, 1e-6, 100);
        }
    }

    /**
     * @param minimumSites no round starts, and no sum is released, with fewer
     * @param maximumColluders sites that may collude with the coordinator without learning a sum
     */
    public record Quorum(int minimumSites, int maximumColluders) {
        public Quorum {
            Checks.range("quorum.minimum_sites", minimumSites, 3, 255);
            Checks.range("quorum.maximum_colluders", maximumColluders, 1, 254);
        }
    }

    /** How long the coordinator waits in each phase, and for a lost connection to return. */
    public record Deadlines(
            int inviteSeconds,
            int keysSeconds,
            int uploadSeconds,
            int voteSeconds,
            int unmaskSeconds,
            int reconnectGraceSeconds) {
        public Deadlines {
            Checks.range("deadlines.invite_seconds", inviteSeconds, 1, 86_400);
            Checks.range("deadlines.keys_seconds", keysSeconds, 1, 86_400);
            Checks.range("deadlines.upload_seconds", uploadSeconds, 1, 7 * 86_400);
            Checks.range("deadlines.vote_seconds", voteSeconds, 1, 86_400);
            Checks.range("deadlines.unmask_seconds", unmaskSeconds, 1, 86_400);
            Checks.range("deadlines.reconnect_grace_seconds", reconnectGraceSeconds, 1, 86_400);
        }

        public Duration reconnectGrace() {
            return Duration.ofSeconds(reconnectGraceSeconds);
        }
    }

    /**
     * @param updateBound C: largest magnitude of one coordinate of a site's update
     * @param scaleLog2 fixed-point scale S = 2^scaleLog2
     * @param maximumWeight W: a site's weight is at most this
     */
    public record SecureAggregation(int ringBits, double updateBound, int scaleLog2, int maximumWeight) {
        public SecureAggregation {
            if (ringBits != 32) {
                throw new StudyException(
                        "secure_aggregation.ring_bits",
                        "is " + ringBits + ", but this version sums in the ring of 32-bit integers only; set it to 32");
            }
            Checks.range("secure_aggregation.update_bound", updateBound, 1e-6, 1e6);
            Checks.range("secure_aggregation.scale_log2", scaleLog2, 0, 40);
            Checks.range("secure_aggregation.maximum_weight", maximumWeight, 1, 1_000_000);
        }
    }

    /** Which differential-privacy mechanism protects a patient. */
    public enum PrivacyMode {
        @JsonProperty("local")
        LOCAL,
        @JsonProperty("none")
        NONE
    }

    /**
     * @param clipNorm C: L2 bound of one patient's gradient
     * @param noiseMultiplier σ: noise standard deviation divided by {@code clipNorm}
     * @param samplingRate q: probability with which a patient takes part in one local step
     */
    public record Privacy(
            PrivacyMode mode, double clipNorm, double noiseMultiplier, double samplingRate, double delta) {
        public Privacy {
            Checks.present("privacy.mode", mode);
            Checks.range("privacy.clip_norm", clipNorm, 1e-9, 1e6);
            Checks.range("privacy.noise_multiplier", noiseMultiplier, mode == PrivacyMode.NONE ? 0 : 0.05, 1e6);
            Checks.range("privacy.sampling_rate", samplingRate, 1e-6, 1);
            Checks.range("privacy.delta", delta, 1e-15, 0.01);
        }
    }

    /** Which rule turns a (noised) gradient into a step at the site. */
    public enum Optimiser {
        @JsonProperty("sgd")
        SGD,
        @JsonProperty("adam")
        ADAM
    }

    /**
     * Local training of one round.
     *
     * @param momentum of {@link Optimiser#SGD}; ignored by Adam
     * @param updateClipNorm L2 norm to which the finished update is scaled down before encoding
     */
    public record Training(
            int localSteps,
            Optimiser optimiser,
            double learningRate,
            double momentum,
            double maskRatio,
            double updateClipNorm,
            long seed) {
        public Training {
            Checks.range("training.local_steps", localSteps, 1, 1_000_000);
            Checks.present("training.optimiser", optimiser);
            Checks.range("training.learning_rate", learningRate, 1e-9, 1e3);
            Checks.range("training.momentum", momentum, 0, 0.9999);
            Checks.openUnit("training.mask_ratio", maskRatio);
            Checks.range("training.update_clip_norm", updateClipNorm, 1e-9, 1e9);
        }
    }

    /**
     * The model's shape. {@code windowFrames} must be a multiple of {@code patchFrames}.
     *
     * @param coordinatesMillimetres one [x, y, z] per parcel; public atlas data, travels with the study
     */
    public record Model(
            String preset,
            int parcels,
            int windowFrames,
            int patchFrames,
            int hidden,
            int encoderLayers,
            int decoderLayers,
            int heads,
            int feedForward,
            long initialisationSeed,
            double[][] coordinatesMillimetres) {
        public Model {
            Checks.text("model.preset", preset);
            Checks.range("model.parcels", parcels, 1, 100_000);
            Checks.range("model.patch_frames", patchFrames, 1, 10_000);
            Checks.range("model.window_frames", windowFrames, patchFrames, 1_000_000);
            if (windowFrames % patchFrames != 0) {
                throw new StudyException(
                        "model.window_frames",
                        "is " + windowFrames + ", not a multiple of model.patch_frames = " + patchFrames);
            }
            Checks.range("model.hidden", hidden, 1, 65_536);
            Checks.range("model.encoder_layers", encoderLayers, 1, 1_000);
            Checks.range("model.decoder_layers", decoderLayers, 1, 1_000);
            Checks.range("model.heads", heads, 1, 1_024);
            if (hidden % heads != 0) {
                throw new StudyException(
                        "model.heads", "is " + heads + ", which does not divide model.hidden = " + hidden);
            }
            Checks.range("model.feed_forward", feedForward, 1, 1_000_000);
            Checks.present("model.coordinates_millimetres", coordinatesMillimetres);
            if (coordinatesMillimetres.length != parcels) {
                throw new StudyException(
                        "model.coordinates_millimetres",
                        "has " + coordinatesMillimetres.length + " rows, but model.parcels is " + parcels);
            }
            for (double[] row : coordinatesMillimetres) {
                if (row == null || row.length != 3) {
                    throw new StudyException(
                            "model.coordinates_millimetres", "needs three numbers a row: x, y, z in mm");
                }
                for (double value : row) {
                    Checks.range("model.coordinates_millimetres", value, -1000, 1000);
                }
            }
        }
    }

    /**
     * How each released model is scored on the sealed external cohorts.
     *
     * @param externalFraction share of a site's patients that is sealed as its external cohort
     * @param maskSeed fixes the masks, so that every model is scored on the same masked patches
     */
    public record Evaluation(double externalFraction, double maskRatio, int windowsPerPatient, long maskSeed) {
        public Evaluation {
            Checks.openUnit("evaluation.external_fraction", externalFraction);
            Checks.openUnit("evaluation.mask_ratio", maskRatio);
            Checks.range("evaluation.windows_per_patient", windowsPerPatient, 1, 1_000);
        }
    }

    /** The threshold t = ⌊2n/3⌋ + 1 of shares that open a secret, for {@code n} parties. */
    public static int threshold(int n) {
        return 2 * n / 3 + 1;
    }

    private static final class Checks {
        static void text(String key, @Nullable String value) {
            if (value == null || value.isBlank()) {
                throw new StudyException(key, "is missing or empty");
            }
        }

        static void present(String key, @Nullable Object value) {
            if (value == null) {
                throw new StudyException(key, "is missing");
            }
        }

        static void range(String key, double value, double minimum, double maximum) {
            if (!(value >= minimum && value <= maximum)) {
                throw new StudyException(key, "is " + value + ", but must lie between " + minimum + " and " + maximum);
            }
        }

        static void openUnit(String key, double value) {
            if (!(value > 0 && value < 1)) {
                throw new StudyException(key, "is " + value + ", but must lie strictly between 0 and 1");
            }
        }
    }
}
