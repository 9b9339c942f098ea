package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Local training of one round.
 *
 * @param localSteps noised steps; exactly one of this and {@code epochs} is stated
 * @param epochs how often a patient takes part on average; with sampling rate q that is epochs/q steps
 * @param schedule of the learning rate over all steps of the run; constant where absent
 * @param warmUpFraction share of the run's steps over which a cosine schedule rises; 0.05 where absent
 * @param momentum of {@link Optimiser#SGD}; ignored by Adam
 * @param proximalMu μ of FedProx (Li et al. 2020, equation 2), which holds a site near the released model; 0 where absent
 * @param gradientClipNorm L2 norm to which the gradient of a step is scaled down; only without differential
 *     privacy, and off where absent
 * @param maskRatio share of patches hidden in masked reconstruction; a study that fine-tunes hides none and states none
 * @param local tensors that are each site's own
 * @param partial tensors that nobody trains
 * @param correction of the drift of sites that differ; none where absent
 * @param updateClipNorm L2 norm to which the finished update is scaled down before encoding
 */
public record Training(
        OptionalInt localSteps,
        OptionalInt epochs,
        Optimiser optimiser,
        double learningRate,
        Optional<Schedule> schedule,
        OptionalDouble warmUpFraction,
        double momentum,
        OptionalDouble proximalMu,
        OptionalDouble gradientClipNorm,
        OptionalDouble maskRatio,
        double updateClipNorm,
        Optional<LocalTensors> local,
        Optional<FrozenTensors> partial,
        Optional<Correction> correction,
        long seed) {
    static final int MAXIMUM_STEPS = 1_000_000;

    /** Which rule turns a (noised) gradient into a step at the site. */
    public enum Optimiser {
        @JsonProperty("sgd")
        SGD,
        @JsonProperty("adam")
        ADAM
    }

    /** What a site adds to its steps so that they lead where the steps of all sites lead. */
    public enum Correction {
        /** Control variates (SCAFFOLD, Karimireddy et al. 2020, option II). */
        @JsonProperty("scaffold")
        SCAFFOLD
    }

    /** The learning rate over the steps of a whole run. */
    public enum Schedule {
        @JsonProperty("constant")
        CONSTANT,
        @JsonProperty("cosine")
        COSINE
    }

    public Training {
        if (localSteps.isEmpty() && epochs.isEmpty()) {
            throw new StudyException("training.local_steps", "is missing; state it, or training.epochs");
        }
        if (localSteps.isPresent() && epochs.isPresent()) {
            throw new StudyException("training.epochs", "says again what training.local_steps says; state one of them");
        }
        Checks.range("training.local_steps", localSteps.orElse(1), 1, MAXIMUM_STEPS);
        Checks.range("training.epochs", epochs.orElse(1), 1, MAXIMUM_STEPS);
        Checks.present("training.optimiser", optimiser);
        Checks.range("training.learning_rate", learningRate, 1e-9, 1e3);
        if (warmUpFraction.isPresent() && schedule.orElse(Schedule.CONSTANT) != Schedule.COSINE) {
            throw new StudyException("training.warm_up_fraction", "is for training.schedule = \"cosine\"");
        }
        Checks.range("training.warm_up_fraction", warmUpFraction.orElse(0), 0, 0.9999);
        Checks.range("training.momentum", momentum, 0, 0.9999);
        Checks.range("training.proximal_mu", proximalMu.orElse(0), 0, 1e6);
        Checks.range("training.gradient_clip_norm", gradientClipNorm.orElse(1), 1e-9, 1e9);
        Checks.openUnit("training.mask_ratio", maskRatio.orElse(0.5));
        Checks.range("training.update_clip_norm", updateClipNorm, 1e-9, 1e9);
        if (correction.isPresent()) {
            boolean plain = optimiser == Optimiser.SGD
                    && momentum == 0
                    && schedule.orElse(Schedule.CONSTANT) == Schedule.CONSTANT
                    && proximalMu.orElse(0) == 0;
            if (!plain) {
                throw new StudyException(
                        "training.correction",
                        "is \"scaffold\", whose control variates are mean gradients only of plain steps; set optimiser ="
                                + " \"sgd\", momentum = 0.0, no proximal_mu and a constant schedule");
            }
        }
    }

    /** Whether sites send a control variate beside their update, and the model is published with one. */
    public boolean hasControl() {
        return correction.isPresent();
    }

    /** Vectors of the shared part's length in one training sum. */
    public int vectors() {
        return hasControl() ? 2 : 1;
    }

    /** What mode distributed asks: one plain gradient a round, with which the coordinator steps. */
    void checkIsOneGradient() {
        String why = "; privacy.mode = \"distributed\" sums one gradient a round";
        if (localSteps.orElse(0) != 1) {
            throw new StudyException("training.local_steps", "must be 1" + why);
        }
        if (optimiser != Optimiser.SGD || momentum != 0) {
            throw new StudyException("training.optimiser", "must be \"sgd\" with momentum 0.0" + why);
        }
        if (schedule.orElse(Schedule.CONSTANT) != Schedule.CONSTANT) {
            throw new StudyException("training.schedule", "must be \"constant\"" + why);
        }
        if (proximalMu.orElse(0) != 0) {
            throw new StudyException("training.proximal_mu", "must be 0" + why);
        }
        if (local.isPresent()) {
            throw new StudyException(
                    "training.local",
                    "is for privacy.mode = \"local\" or \"none\"" + why
                            + ", which no site may see before it is noised, so that a site has nothing to train its own"
                            + " tensors with; use [training.partial], or mode \"local\"");
        }
        if (correction.isPresent()) {
            throw new StudyException(
                    "training.correction",
                    "is for privacy.mode = \"local\" or \"none\"" + why
                            + ", and with one step a round sites do not drift apart; leave it out, or use mode \"local\"");
        }
    }

    /** Depends on the study alone and not on the cohort, so that it may be public. */
    long steps(double samplingRate) {
        return localSteps.isPresent() ? localSteps.getAsInt() : (long) Math.ceil(epochs.orElseThrow() / samplingRate);
    }
}
