package org.commissure.coordinator.round;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.secagg.EncodingBound;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.Ring;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.SumKind;

/**
 * How values become ring elements in one kind of sum.
 *
 * @param dimension ring elements in one vector
 * @param valueBound B: no coordinate exceeds it in magnitude before scaling
 * @param scaleLog2 S = 2^scaleLog2
 */
record SumEncoding(long dimension, double valueBound, int scaleLog2) {

    /**
     * TRAIN: w/W·Δ for every shared parameter, with control variates as many again, then w/W, which is at most 1; in
     * privacy mode distributed whole numbers of gradient and noise ({@link DistributedNoise}), unscaled. EVALUATE: exact sums in limbs of 16 bits, unscaled; so is
     * every sum of a study that trains no network.
     *
     * @param shared parameters of the model that a TRAIN sum is of
     * @param parties of the roster
     */
    static SumEncoding of(Study study, SumKind kind, int round, long shared, int parties) {
        OptionalInt length = StudySums.exactLength(study, kind, round);
        return length.isPresent()
                ? new SumEncoding(ExactSums.dimension(length.getAsInt()), ExactSums.VALUE_BOUND, ExactSums.SCALE_LOG2)
                : training(study, shared, parties);
    }

    private static SumEncoding training(Study study, long shared, int parties) {
        if (study.privacy().mode() != Study.PrivacyMode.DISTRIBUTED) {
            return new SumEncoding(
                    study.training().vectors() * shared + 1,
                    Math.max(study.secureAggregation().updateBound(), 1),
                    study.secureAggregation().scaleLog2());
        }
        DistributedNoise noise = DistributedNoise.of(
                study, shared, parties, Study.threshold(parties), study.quorum().maximumColluders());
        return new SumEncoding(noise.dimension(), noise.valueBound(), 0);
    }

    /** How the values of a weighted sum were encoded. */
    static FixedPoint fixedPoint(SecureSumConfig config) {
        return new FixedPoint(new Ring(config.getRingBits()), config.getScaleLog2(), config.getValueBound());
    }

    /** Statistics come in limbs that need the widest ring; they are few. */
    static int ringBits(Study study, SumKind kind) {
        return kind == SumKind.TRAIN ? study.secureAggregation().ringBits() : 32;
    }

    /** @throws UserError if the sum of {@code parties} vectors could overflow the ring */
    static void check(Study study, int parties, long shared) {
        for (SumKind kind : StudySums.kinds(study)) {
            SumEncoding encoding = feasible(study, kind, shared, parties);
            EncodingBound.check(parties, encoding.valueBound(), encoding.scaleLog2(), ringBits(study, kind));
        }
    }

    /** @throws UserError naming the scale and the ring that would do, if rounding may exceed the study's own bound */
    static void checkRounding(Study study, int parties) {
        Study.SecureAggregation plan = study.secureAggregation();
        if (plan.maximumError().isEmpty()) {
            return;
        }
        double most = plan.maximumError().getAsDouble();
        double error = study.roundingError(parties, plan.scaleLog2());
        if (error <= most) {
            return;
        }
        int scale = plan.scaleLog2();
        while (study.roundingError(parties, scale) > most && scale < Long.SIZE) {
            scale++;
        }
        double bound = Math.max(plan.updateBound(), 1);
        int finer = scale;
        String ring = IntStream.of(16, 24, 32, 64)
                .filter(bits -> EncodingBound.fits(parties, bound, finer, bits))
                .mapToObj(bits -> " with secure_aggregation.ring_bits of at least " + bits)
                .findFirst()
                .orElse(", for which no ring is wide enough: allow a larger error or lower update_bound");
        throw new UserError(
                "rounding in the secure sum could move a parameter of the mean update by " + error
                        + ", more than secure_aggregation.maximum_error = " + most,
                "raise secure_aggregation.scale_log2 to " + scale + ring
                        + ", lower maximum_weight, or set quorum.minimum_weight");
    }

    private static SumEncoding feasible(Study study, SumKind kind, long shared, int parties) {
        try {
            return of(study, kind, StudySums.lastRound(study), shared, parties);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "the study's noise cannot be added: " + e.getMessage(),
                    "correct secure_aggregation, quorum or privacy in the study",
                    e);
        }
    }
}
