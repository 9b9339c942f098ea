package org.commissure.site.cohort;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What else a hospital may ask of a patient.
 *
 * @param repetitionTimeSeconds the only one that is admitted, to {@link #TOLERANCE_SECONDS}
 * @param maximumMeanDisplacementMillimetres of head motion (mean framewise displacement, Power 2012)
 * @param required columns of {@code participants.tsv} that must be known
 * @param numeric columns that must be known and hold a finite number
 * @param classes columns that must be known and hold one of these values
 * @param noted columns that are read where they are there and known, and not asked for
 */
public record QualityRules(
        OptionalDouble repetitionTimeSeconds,
        OptionalDouble maximumMeanDisplacementMillimetres,
        List<String> required,
        List<String> numeric,
        Map<String, List<String>> classes,
        List<String> noted) {
    /** Headers round to float32; protocols differ by more than a millisecond. */
    static final double TOLERANCE_SECONDS = 0.001;

    /** Asks nothing. */
    public static final QualityRules NONE =
            new QualityRules(OptionalDouble.empty(), OptionalDouble.empty(), List.of(), List.of());

    /** Asks for no classes. */
    public QualityRules(
            OptionalDouble repetitionTimeSeconds,
            OptionalDouble maximumMeanDisplacementMillimetres,
            List<String> required,
            List<String> numeric) {
        this(repetitionTimeSeconds, maximumMeanDisplacementMillimetres, required, numeric, Map.of(), List.of());
    }

    public QualityRules {
        classes = Map.copyOf(classes);
        required = List.copyOf(required);
        numeric = List.copyOf(numeric);
        noted = List.copyOf(noted);
        if (repetitionTimeSeconds.orElse(1) <= 0 || maximumMeanDisplacementMillimetres.orElse(1) <= 0) {
            throw new IllegalArgumentException("a repetition time and a displacement must be positive");
        }
    }

    /** Every column that is asked for. */
    List<String> columns() {
        return Stream.of(required, numeric, classes.keySet())
                .flatMap(Collection::stream)
                .distinct()
                .toList();
    }
}
