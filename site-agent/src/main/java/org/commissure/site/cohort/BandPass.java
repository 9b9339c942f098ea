package org.commissure.site.cohort;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Tells series that went through the usual band-pass of resting-state pipelines (0.01 to 0.1 Hz) from series that did
 * not, whatever their names say: of the former next to nothing is left above 0.1 Hz (less than 0.3 % in the filtered
 * ABIDE derivatives, 39 % in the others). What lies between the two limits is left alone.
 */
final class BandPass {
    private static final double EDGE_HERTZ = 0.1;
    private static final double FILTERED_BELOW = 0.01;
    private static final double UNFILTERED_ABOVE = 0.05;

    private BandPass() {}

    /**
     * Those who are of the other kind than most; as many of one as of the other count as a cohort without band-pass.
     *
     * @param repetitionTimeSeconds of a candidate; NaN if it is unknown
     */
    static Map<String, Finding> strangers(
            Map<String, Candidate> candidates, ToDoubleFunction<Candidate> repetitionTimeSeconds) {
        Map<String, Double> shares = new HashMap<>();
        candidates.forEach((id, candidate) -> shares.put(
                id,
                candidate.series().spectrum().shareAbove(EDGE_HERTZ, repetitionTimeSeconds.applyAsDouble(candidate))));
        long filtered =
                shares.values().stream().filter(share -> share < FILTERED_BELOW).count();
        long unfiltered = shares.values().stream()
                .filter(share -> share > UNFILTERED_ABOVE)
                .count();
        Map<String, Finding> strangers = new HashMap<>();
        shares.forEach((id, share) -> {
            if (filtered > unfiltered
                    ? share > UNFILTERED_ABOVE && filtered > 0
                    : share < FILTERED_BELOW && unfiltered > 0) {
                strangers.put(id, new Finding(RejectionReason.PIPELINE_MISMATCH, words(share, filtered > unfiltered)));
            }
        });
        return strangers;
    }

    private static String words(double share, boolean mostFiltered) {
        return String.format(
                Locale.ROOT,
                "has %.1f %% of its power above 0.1 Hz: it was %sband-passed, and most of this cohort was%s",
                100 * share,
                mostFiltered ? "not " : "",
                mostFiltered ? "" : " not");
    }
}
