package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.commissure.protocol.config.OpeningHours;
import org.commissure.protocol.evaluation.ReconstructionLayout;
import org.commissure.protocol.v1.SumKind;
import org.jspecify.annotations.Nullable;

/**
 * One study, as its TOML file states it. Every number is validated on construction; a value outside
 * its range is a {@link StudyException} that names the key.
 *
 * @param model opaque to the coordinator: it never looks inside a model; absent in a study of kind
 *     regional, as are {@code training} and {@code evaluation}
 * @param regional what a study of kind regional asks for
 * @param phenotype what a study of kind phenotype asks for; it has no {@code model} either
 * @param finetune what a study of kind finetune asks for, which has {@code training} and {@code model} and no
 *     {@code evaluation}
 * @param hours in which the coordinator begins sums; any time where it is absent
 */
public record Study(
        Description study,
        Rounds rounds,
        Quorum quorum,
        Deadlines deadlines,
        SecureAggregation secureAggregation,
        Privacy privacy,
        @Nullable Training training,
        @Nullable Model model,
        @Nullable Evaluation evaluation,
        Optional<RegionalPlan> regional,
        Optional<PhenotypePlan> phenotype,
        Optional<FineTunePlan> finetune,
        Optional<OpeningHours> hours) {

    public Study {
        boolean network = training != null && model != null;
        if (network == (regional.isPresent() || phenotype.isPresent())) {
            throw new StudyException(
                    phenotype.isPresent() ? "phenotype" : "regional",
                    "belongs to study.kind = \"" + (phenotype.isPresent() ? "phenotype" : "regional")
                            + "\" and to no other; a study of kind \"brainlm\" has [training], [model] and"
                            + " [evaluation]");
        }
        if ((evaluation != null) != (network && finetune.isEmpty())) {
            throw new StudyException("finetune", "belongs to study.kind = \"finetune\" and to no other");
        }
        if (regional.isPresent() && privacy.mode() == PrivacyMode.DISTRIBUTED) {
            throw new StudyException(
                    "privacy.mode", "is \"distributed\", which sums gradients of a network; use \"local\" or \"none\"");
        }
        if (training != null) {
            checkTraining(training, privacy);
            checkMasking(training, finetune.isPresent());
        }
        if (model != null && finetune.isPresent()) {
            finetune.get().checkFits(model);
            var unused = finetune.get().baselinesPlan(model);
        }
        if (training != null && (finetune.isPresent() || comparesSingleSites())) {
            checkPlain(training);
        }
        if (secureAggregation.maximumError().isPresent() && (!network || privacy.mode() == PrivacyMode.DISTRIBUTED)) {
            throw new StudyException(
                    "secure_aggregation.maximum_error",
                    "is of weighted updates; in mode \"distributed\" rounding is part of the noise, and every other sum is"
                            + " exact");
        }
        if (quorum.minimumWeight().isPresent()) {
            checkWeights(network, privacy, secureAggregation);
        }
        if (evaluation != null
                && evaluation.comparesSingleSites()
                && (privacy.mode() == PrivacyMode.DISTRIBUTED
                        || rounds.serverOptimiser().isPresent())) {
            throw new StudyException(
                    "evaluation.single_site",
                    "needs rounds whose steps a site takes itself: privacy.mode \"none\" or \"local\" and no server"
                            + " optimiser");
        }
    }

    /** Fine-tuning, and a site that trains alone, are of all that is trained. */
    private static void checkPlain(Training training) {
        String key = training.local().isPresent()
                ? "training.local"
                : training.partial().isPresent()
                        ? "training.partial"
                        : training.correction().isPresent() ? "training.correction" : "";
        if (!key.isEmpty()) {
            throw new StudyException(
                    key,
                    "is of masked reconstruction without evaluation.single_site; leave it out, and of a fine-tuning"
                            + " choose finetune.trainable instead");
        }
    }

    private static void checkMasking(Training training, boolean finetunes) {
        if (training.maskRatio().isPresent() == finetunes) {
            throw new StudyException(
                    "training.mask_ratio",
                    finetunes ? "is for masked reconstruction; fine-tuning hides nothing, leave it out" : "is missing");
        }
    }

    /**
     * How far rounding at scale 2^scaleLog2 moves one parameter of the mean update of so many sites at most; of a network's
     * study with weights.
     */
    public double roundingError(int sites, int scaleLog2) {
        return secureAggregation.error(sites, quorum.minimumWeight(), training().updateClipNorm(), scaleLog2);
    }

    private static void checkWeights(boolean network, Privacy privacy, SecureAggregation aggregation) {
        String key = "quorum.minimum_weight";
        if (!network || privacy.mode() == PrivacyMode.DISTRIBUTED) {
            throw new StudyException(
                    key,
                    (network
                                    ? "has no meaning with privacy.mode = \"distributed\""
                                    : "is of a study that trains a network")
                            + ": every site counts alike there; set quorum.minimum_sites");
        }
        if (aggregation.maximumWeight() > Math.scalb(1.0, aggregation.scaleLog2())) {
            throw new StudyException(
                    key,
                    "cannot be told from a sum whose resolution is more than one patient; raise"
                            + " secure_aggregation.scale_log2 until 2^scale_log2 is at least"
                            + " secure_aggregation.maximum_weight");
        }
    }

    private static void checkTraining(Training training, Privacy privacy) {
        if (privacy.mode() != PrivacyMode.NONE && training.gradientClipNorm().isPresent()) {
            throw new StudyException(
                    "training.gradient_clip_norm",
                    "is for privacy.mode = \"none\"; otherwise privacy.clip_norm bounds every patient's gradient");
        }
        if (privacy.mode() == PrivacyMode.DISTRIBUTED) {
            training.checkIsOneGradient();
        }
        Checks.range("training.epochs", training.steps(privacy.samplingRate()), 1, Training.MAXIMUM_STEPS);
    }

    /** @throws IllegalStateException in a study of kind regional or phenotype, which trains no network */
    @Override
    public Training training() {
        return ofNetwork(training);
    }

    /** @throws IllegalStateException as {@link #training} */
    @Override
    public Model model() {
        return ofNetwork(model);
    }

    /** @throws IllegalStateException in a study that scores no masked reconstruction */
    @Override
    public Evaluation evaluation() {
        return ofNetwork(evaluation);
    }

    /** Whether each site trains a network on its own patients alone, for the comparison in the report. */
    public boolean comparesSingleSites() {
        return evaluation != null && evaluation.comparesSingleSites();
    }

    /** Share of a site's patients that is sealed as its external cohort, in a study of any kind. */
    public double externalFraction() {
        return regional.map(plan -> plan.scoring().externalFraction())
                .or(() -> phenotype.map(PhenotypePlan::externalFraction))
                .or(() -> finetune.map(FineTunePlan::externalFraction))
                .orElseGet(() -> evaluation().externalFraction());
    }

    /** The layout of what a study publishes that trains no network; empty in a study of kind brainlm. */
    public Optional<PublishedVectors> published() {
        return regional.<PublishedVectors>map(RegionalVectors::of).or(() -> phenotype.map(PhenotypeVectors::of));
    }

    /** The study of kind phenotype whose sums a fine-tuning's baselines are; empty where it has none. */
    public Optional<PhenotypePlan> baselines() {
        return finetune.flatMap(plan -> plan.baselinesPlan(model()));
    }

    /** Whether a network is trained by masked reconstruction, and scored by it. */
    public boolean reconstructs() {
        return evaluation != null;
    }

    private static <T> T ofNetwork(@Nullable T section) {
        if (section == null) {
            throw new IllegalStateException("this kind of study trains no network");
        }
        return section;
    }

    /** Noised steps that one site takes in one round; what the privacy ledger charges. */
    public int localSteps() {
        return (int) training().steps(privacy.samplingRate());
    }

    /** Steps of the whole run, over which a learning-rate schedule stretches. */
    public long steps() {
        return (long) rounds.count() * localSteps();
    }

    /**
     * @param kind {@link StudyFile#BRAINLM}, also where absent, {@link StudyFile#REGIONAL}, {@link StudyFile#PHENOTYPE} or
     *     {@link StudyFile#FINETUNE}
     * @param purpose why the data may be used; sites match it against their policy
     */
    public record Description(Optional<String> kind, String name, String purpose) {
        public Description {
            Checks.text("study.name", name);
            Checks.text("study.purpose", purpose);
        }
    }

    /**
     * @param count federated rounds after the evaluation of the initial model
     * @param maximumAttempts how often a round is tried again before it ends as aborted
     * @param serverLearningRate factor on the averaged update, or on the server optimiser's step (FedAvg: 1)
     * @param serverOptimiser what the coordinator makes of the averaged update; FedAvg where it is absent
     */
    public record Rounds(
            int count, int maximumAttempts, double serverLearningRate, Optional<ServerOptimiser> serverOptimiser) {
        public Rounds {
            Checks.range("rounds.count", count, 1, 100_000);
            Checks.range("rounds.maximum_attempts", maximumAttempts, 1, 20);
            Checks.range("rounds.server_learning_rate", serverLearningRate, 1e-6, 100);
        }

        /** What the averaged update is multiplied with, before any server optimiser. */
        public double updateFactor() {
            return serverOptimiser.isPresent() ? 1 : serverLearningRate;
        }

        /** Plain averaging. */
        Rounds(int count, int maximumAttempts, double serverLearningRate) {
            this(count, maximumAttempts, serverLearningRate, Optional.empty());
        }
    }

    /**
     * @param minimumSites no round starts, and no sum is released, with fewer
     * @param maximumColluders sites that may collude with the coordinator without learning a sum
     * @param minimumWeight declared patients of all survivors together, below which a TRAIN sum is not used; their sum is
     *     known only once it is open
     * @param required sites that a sum is not to be without
     */
    public record Quorum(
            int minimumSites, int maximumColluders, OptionalInt minimumWeight, Optional<RequiredSites> required) {
        public Quorum {
            Checks.range("quorum.minimum_sites", minimumSites, 3, 255);
            Checks.range("quorum.maximum_colluders", maximumColluders, 1, 254);
            Checks.range("quorum.minimum_weight", minimumWeight.orElse(1), 1, 255_000_000);
        }

        /** Sites that a sum of that kind is not to be without: of what a model follows from, and no scores. */
        public Optional<RequiredSites> requiredIn(SumKind kind) {
            return required.filter(sites -> kind != SumKind.EVALUATE && kind != SumKind.OVERLAP);
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
     * @param ringBits of one parameter of a masked update on the wire: 16, 24, 32 or 64
     * @param updateBound C: largest magnitude of one coordinate of a site's update
     * @param scaleLog2 fixed-point scale S = 2^scaleLog2
     * @param maximumWeight W: a site's weight is at most this
     * @param sumCheck whether the survivors check every released sum together; no where it is absent
     * @param maximumError of one parameter of the averaged update, from rounding alone; not asked where it is absent
     * @param compression {@code ring}: by narrow integers, which is all that a sum of masked vectors allows
     */
    public record SecureAggregation(
            int ringBits,
            double updateBound,
            int scaleLog2,
            int maximumWeight,
            Optional<Boolean> sumCheck,
            OptionalDouble maximumError,
            Optional<String> compression) {
        /** Limbs of exact sums, see {@code docs/protocol.md}: 16 bits, unscaled, unweighted. */
        static final SecureAggregation EXACT_SUMS =
                new SecureAggregation(32, 65_536, 0, 1, Optional.empty(), OptionalDouble.empty(), Optional.empty());

        public SecureAggregation {
            if (ringBits != 16 && ringBits != 24 && ringBits != 32 && ringBits != 64) {
                throw new StudyException(
                        "secure_aggregation.ring_bits",
                        "is " + ringBits
                                + ", but sums are taken in rings of 16, 24, 32 or 64 bits; set it to 32, to less"
                                + " for slow links, to 64 for a finer scale");
            }
            Checks.range("secure_aggregation.update_bound", updateBound, 1e-6, 1e6);
            Checks.range("secure_aggregation.scale_log2", scaleLog2, 0, 40);
            Checks.range("secure_aggregation.maximum_weight", maximumWeight, 1, 1_000_000);
            Checks.range("secure_aggregation.maximum_error", maximumError.orElse(1), 1e-12, 1e6);
            if (!compression.orElse("ring").equals("ring")) {
                throw new StudyException(
                        "secure_aggregation.compression",
                        "is \"" + compression.get()
                                + "\", but only \"ring\" goes with secure aggregation: masks cancel in"
                                + " dense vectors of one length, and the places of the coordinates that top-k and its"
                                + " kind send, in clear, tell of patients; choose a smaller"
                                + " secure_aggregation.ring_bits, or share fewer tensors by [training.partial]");
            }
        }

        /**
         * How far rounding moves one parameter of the mean update at most. A site's coordinate and its weight are each less
         * than one unit of the ring off, so that sum and summed weight are less than one for each site off: with e = W/S ·
         * sites/Σw that is (1 + |Δ|)·e/(1 − e), no weight below 1 and Σw not below the quorum.
         *
         * @param sites in the sum
         * @param largestUpdate of one parameter
         * @param scaleLog2 instead of the study's
         */
        double error(int sites, OptionalInt minimumWeight, double largestUpdate, int scaleLog2) {
            double weights = Math.max(sites, minimumWeight.orElse(0));
            double e = Math.scalb(maximumWeight * (sites / weights), -scaleLog2);
            return e < 1 ? (1 + largestUpdate) * e / (1 - e) : Double.POSITIVE_INFINITY;
        }

        public boolean checksSum() {
            return sumCheck.orElse(false);
        }
    }

    /** Which differential-privacy mechanism protects a patient. */
    public enum PrivacyMode {
        /** Every site noises each of its local steps by itself. */
        @JsonProperty("local")
        LOCAL,

        /** One gradient a round; each site adds a share of discrete noise inside the secure sum. */
        @JsonProperty("distributed")
        DISTRIBUTED,

        @JsonProperty("none")
        NONE
    }

    /**
     * @param clipNorm C: L2 bound of one patient's gradient; with {@code clipQuantile} that of the first round
     * @param noiseMultiplier σ: noise standard deviation divided by {@code clipNorm}; in mode distributed that of the
     *     whole sum, for gradient and count together
     * @param samplingRate q: probability with which a patient takes part in one local step
     * @param patientsPerSite public planning figure of mode distributed: the mean gradient divides by q times this
     *     for every site in the sum
     * @param clipQuantile γ: share of patients whose gradient should not be clipped, where the clip norm adapts
     * @param clipLearningRate η of the clip norm
     * @param countNoiseMultiplier noise of the count of unclipped patients, in patients
     */
    public record Privacy(
            PrivacyMode mode,
            double clipNorm,
            double noiseMultiplier,
            double samplingRate,
            double delta,
            OptionalInt patientsPerSite,
            OptionalDouble clipQuantile,
            OptionalDouble clipLearningRate,
            OptionalDouble countNoiseMultiplier) {
        public Privacy {
            Checks.present("privacy.mode", mode);
            Checks.range("privacy.clip_norm", clipNorm, 1e-9, 1e6);
            Checks.range("privacy.noise_multiplier", noiseMultiplier, mode == PrivacyMode.NONE ? 0 : 0.05, 1e6);
            Checks.range("privacy.sampling_rate", samplingRate, 1e-6, 1);
            Checks.range("privacy.delta", delta, 1e-15, 0.01);
            boolean distributed = mode == PrivacyMode.DISTRIBUTED;
            if (distributed != patientsPerSite.isPresent()) {
                throw new StudyException(
                        "privacy.patients_per_site",
                        distributed
                                ? "is missing; mode \"distributed\" divides the sum by it"
                                : "is for privacy.mode = \"distributed\"");
            }
            Checks.range("privacy.patients_per_site", patientsPerSite.orElse(1), 1, 1e7);
            checkAdaptation(distributed, noiseMultiplier, clipQuantile, clipLearningRate, countNoiseMultiplier);
        }

        private static void checkAdaptation(
                boolean distributed,
                double noiseMultiplier,
                OptionalDouble quantile,
                OptionalDouble learningRate,
                OptionalDouble count) {
            boolean adaptive = quantile.isPresent();
            if (adaptive != learningRate.isPresent() || adaptive != count.isPresent()) {
                throw new StudyException(
                        "privacy.clip_quantile",
                        "an adaptive clip norm needs clip_quantile, clip_learning_rate and count_noise_multiplier");
            }
            if (adaptive && !distributed) {
                throw new StudyException("privacy.clip_quantile", "is for privacy.mode = \"distributed\"");
            }
            if (adaptive) {
                Checks.openUnit("privacy.clip_quantile", quantile.getAsDouble());
                Checks.range("privacy.clip_learning_rate", learningRate.orElseThrow(), 1e-6, 10);
                // With less noise the count alone would cost more than both together may.
                Checks.range("privacy.count_noise_multiplier", count.orElseThrow(), 1.01 * noiseMultiplier, 1e6);
            }
        }

        /** Whether the clip norm follows a quantile of the patients' gradient norms. */
        public boolean adaptiveClipping() {
            return clipQuantile.isPresent();
        }
    }

    /**
     * How each released model is scored on the sealed external cohorts.
     *
     * @param externalFraction share of a site's patients that is sealed as its external cohort
     * @param maskSeed fixes the masks, so that every model is scored on the same masked patches
     * @param furtherMaskRatios at which every model is scored as well, each as much work again; none where it is absent
     * @param singleSite whether each site also trains a model alone, which is scored beside the last one; not where absent
     */
    public record Evaluation(
            double externalFraction,
            double maskRatio,
            int windowsPerPatient,
            long maskSeed,
            Optional<List<Double>> furtherMaskRatios,
            Optional<Boolean> singleSite) {
        private static final int MOST_FURTHER_RATIOS = 8;

        public Evaluation {
            Checks.openUnit("evaluation.external_fraction", externalFraction);
            Checks.openUnit("evaluation.mask_ratio", maskRatio);
            Checks.range("evaluation.windows_per_patient", windowsPerPatient, 1, 1_000);
            furtherMaskRatios = furtherMaskRatios.map(List::copyOf);
            List<Double> further = furtherMaskRatios.orElse(List.of());
            Checks.range("evaluation.further_mask_ratios", further.size(), 0, MOST_FURTHER_RATIOS);
            further.forEach(ratio -> Checks.openUnit("evaluation.further_mask_ratios", ratio));
        }

        /** As {@link Study#comparesSingleSites}. */
        public boolean comparesSingleSites() {
            return singleSite.orElse(false);
        }

        /** What the sites sum. */
        public ReconstructionLayout layout() {
            return new ReconstructionLayout(maskRatios().size() - 1, comparesSingleSites());
        }

        /** The study's mask ratio, then the further ones. */
        public List<Double> maskRatios() {
            return Stream.concat(Stream.of(maskRatio), furtherMaskRatios.orElse(List.of()).stream())
                    .toList();
        }
    }

    /** The threshold t = ⌊2n/3⌋ + 1 of shares that open a secret, for {@code n} parties. */
    public static int threshold(int n) {
        return 2 * n / 3 + 1;
    }
}
