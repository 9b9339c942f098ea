package org.commissure.coordinator.round;

import java.util.Optional;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;

/**
 * The quorum by weight. Weights are inside the secure sum, so that the rule is about the opened sum: whoever opened it has
 * seen it, but no model is made of it and nobody else gets it. Weights are what sites declare.
 */
final class WeightRule {
    private WeightRule() {}

    /** Why the sum is not used; empty where it is. Does not tell the weight, for it goes into the log. */
    static Optional<String> refusal(RunState run, Transcript transcript, RingVector sum) {
        Study study = run.plan().study();
        if (run.sum().kind() != SumKind.TRAIN || study.quorum().minimumWeight().isEmpty()) {
            return Optional.empty();
        }
        FixedPoint encoding = SumEncoding.fixedPoint(transcript.config());
        int survivors = transcript.of(Step.MASKED_HEADER).size();
        int minimum = study.quorum().minimumWeight().getAsInt();
        // Each weight was rounded up or down by less than one unit; rounding alone withholds nothing.
        double units = (double) sum.get(sum.length() - 1) + survivors;
        double patients = study.secureAggregation().maximumWeight() * encoding.decode(1) * units;
        return patients >= minimum
                ? Optional.empty()
                : Optional.of("the weights of the " + survivors
                        + " survivors add up to less than quorum.minimum_weight = " + minimum + " patients");
    }
}
