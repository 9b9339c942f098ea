package org.commissure.site.cohort;

import java.nio.file.Path;
import java.util.Collection;
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
     * By their files those that are of the other kind than most; as many of one as of the other count as a cohort without band-pass.
     *
     * @param repetitionTimeSeconds of a candidate; NaN if it is unknown
     */
    static Map<Path, Finding> strangers(
            Collection<Candidate> candidates, ToDoubleFunction<Candidate> repetitionTimeSeconds) {
        Map<Path, Double> shares = new HashMap<>();
        candidates.forEach(candidate -> shares.put(
                candidate.file(),
                candidate.series().spectrum().shareAbove(EDGE_HERTZ, repetitionTimeSeconds.applyAsDouble(candidate))));
        long filtered =
                shares.values().stream().filter(share -> share < FILTERED_BELOW).count();
        long unfiltered = shares.values().stream()
                .filter(share -> share > UNFILTERED_ABOVE)
                .count();
        Map<Path, Finding> strangers = new HashMap<>();
        shares.forEach((file, share) -> {
            if (filtered > unfiltered
                    ? share > UNFILTERED_ABOVE && filtered > 0
                    : share < FILTERED_BELOW && unfiltered > 0) {
                strangers.put(
                        file, new Finding(RejectionReason.PIPELINE_MISMATCH, words(share, filtered > unfiltered)));
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
