package org.commissure.site.cohort;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What else a hospital may ask of a patient.
 *
 * @param repetitionTimeSeconds the only one that is admitted, to {@link #TOLERANCE_SECONDS}
 * @param maximumMeanDisplacementMillimetres of head motion (mean framewise displacement, Power 2012)
 * @param required columns of {@code participants.tsv} that must be known
 * @param numeric columns that must be known and hold a finite number
 */
public record QualityRules(
        OptionalDouble repetitionTimeSeconds,
        OptionalDouble maximumMeanDisplacementMillimetres,
        List<String> required,
        List<String> numeric) {
    /** Headers round to float32; protocols differ by more than a millisecond. */
    static final double TOLERANCE_SECONDS = 0.001;

    /** Asks nothing. */
    public static final QualityRules NONE =
            new QualityRules(OptionalDouble.empty(), OptionalDouble.empty(), List.of(), List.of());

    public QualityRules {
        required = List.copyOf(required);
        numeric = List.copyOf(numeric);
        if (repetitionTimeSeconds.orElse(1) <= 0 || maximumMeanDisplacementMillimetres.orElse(1) <= 0) {
            throw new IllegalArgumentException("a repetition time and a displacement must be positive");
        }
    }
}
