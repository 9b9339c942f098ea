package org.commissure.privacy.dp;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.Study.PrivacyMode;

/** What a study costs a patient of one site, before anybody trains. */
public final class StudyCost {
    private StudyCost() {}

    /**
     * The charge for every planned sum of a run together, each of them once. Empty in mode {@code none}.
     *
     * @param parameterCount of the model; any number in mode {@code local}
     * @throws IllegalArgumentException if mode {@code distributed} does not fit the study's ring
     */
    public static Optional<Charge> ofRun(Study study, String runId, long parameterCount, Instant when) {
        // Statistics of a regional study are summed once; a network is trained in every round.
        long sums = study.regional().isPresent() ? 1 : study.rounds().count();
        return ofSum(study, runId, 0, 0, parameterCount, when)
                .map(one -> new Charge(
                        runId,
                        0,
                        0,
                        one.mechanism(),
                        one.clipNorm(),
                        one.noiseMultiplier(),
                        one.samplingRate(),
                        Math.multiplyExact(sums, one.steps()),
                        one.delta(),
                        when,
                        one.share()));
    }

    /** The charge of one planned sum, of whatever roster. Empty in mode {@code none}. */
    public static Optional<Charge> ofSum(
            Study study, String runId, int round, int attempt, long parameterCount, Instant when) {
        if (study.privacy().mode() == PrivacyMode.NONE) {
            return Optional.empty();
        }
        Optional<NoiseShare> share = study.privacy().mode() == PrivacyMode.DISTRIBUTED
                ? Optional.of(
                        DistributedNoise.ofSmallestRoster(study, parameterCount).share())
                : Optional.empty();
        return Optional.of(ofSum(study, runId, round, attempt, study.privacy().clipNorm(), share, when));
    }

    /** The charge of one sum whose roster and clip norm are known. */
    public static Charge ofSum(
            Study study,
            String runId,
            int round,
            int attempt,
            double clipNorm,
            Optional<NoiseShare> share,
            Instant when) {
        Study.Privacy privacy = study.privacy();
        return new Charge(
                runId,
                round,
                attempt,
                share.isPresent() ? Charge.DISTRIBUTED : Charge.GAUSSIAN,
                clipNorm,
                privacy.noiseMultiplier(),
                privacy.samplingRate(),
                steps(study),
                privacy.delta(),
                when,
                share);
    }

    /** Noised releases in one sum of the study that a patient's data are in. */
    private static long steps(Study study) {
        return study.regional().map(plan -> (long) plan.noisedReleases()).orElseGet(() -> (long) study.localSteps());
    }

    /** The arithmetic in words, for a message: what is multiplied, and what comes out. */
    public static String words(Study study, Charge run) {
        String rounds = study.regional().isPresent()
                ? run.steps() + " noised releases"
                : study.rounds().count() + " rounds of " + steps(study) + (steps(study) == 1 ? " step" : " steps");
        return String.format(
                Locale.ROOT,
                "%s at sampling rate %s and noise multiplier %s cost each patient epsilon %.3f at delta %s",
                rounds,
                run.samplingRate(),
                run.noiseMultiplier(),
                Math.ceil(run.alone().epsilon() * 1000) / 1000,
                run.delta());
    }
}
