package org.commissure.site.cohort;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A participant's series of the right variant, read through once. */
record Candidate(Participants.Row row, Path file, SeriesInspection series) {

    /**
     * The first thing that speaks against it.
     *
     * @param seconds its repetition time, if somebody states a usable one
     * @param others participants with the same series
     * @param stranger what its spectrum says against it, beside the others'
     */
    Optional<Finding> finding(
            CohortRules rules, OptionalDouble seconds, List<String> others, Optional<Finding> stranger) {
        return shape(rules)
                .or(this::values)
                .or(() -> others.isEmpty()
                        ? Optional.empty()
                        : found(
                                RejectionReason.DUPLICATE_SERIES,
                                "holds the same values as the series of " + String.join(", ", others)))
                .or(() -> stranger)
                .or(() -> repetitionTime(rules.quality(), seconds))
                .or(() -> motion(rules.quality()));
    }

    ScanSeries admitted(double repetitionTimeSeconds) {
        return new ScanSeries(file, series.parcels(), series.frames(), repetitionTimeSeconds, series.sha256());
    }

    private Optional<Finding> shape(CohortRules rules) {
        if (series.parcels() != rules.parcels()) {
            return found(
                    RejectionReason.WRONG_PARCEL_COUNT, "has " + series.parcels() + " parcels, not " + rules.parcels());
        }
        return series.frames() >= rules.minimumFrames()
                ? Optional.empty()
                : found(
                        RejectionReason.TOO_SHORT,
                        "has " + series.frames() + " frames; at least " + rules.minimumFrames() + " are needed");
    }

    private Optional<Finding> values() {
        if (series.notFinite() > 0) {
            return found(RejectionReason.NOT_FINITE, "has " + series.notFinite() + " NaN or infinite values");
        }
        List<Integer> constant = series.constantParcels();
        if (constant.isEmpty()) {
            return Optional.empty();
        }
        String list = constant.stream().limit(8).map(String::valueOf).collect(Collectors.joining(", "));
        return found(
                RejectionReason.CONSTANT_PARCELS,
                "has " + constant.size() + (constant.size() == 1 ? " constant parcel: " : " constant parcels: ") + list
                        + (constant.size() > 8 ? ", …" : ""));
    }

    private Optional<Finding> repetitionTime(QualityRules quality, OptionalDouble seconds) {
        OptionalDouble inFile = series.repetitionTimeSeconds();
        if (seconds.isEmpty()) {
            return found(
                    RejectionReason.REPETITION_TIME_MISSING,
                    "has no repetition time between 0 and 60 s"
                            + (inFile.isPresent() ? "; its header says " + inFile.getAsDouble() + " s" : ""));
        }
        double stated = seconds.getAsDouble();
        OptionalDouble plausible = RepetitionTimes.plausible(inFile.orElse(0));
        if (plausible.isPresent() && Math.abs(plausible.getAsDouble() - stated) > QualityRules.TOLERANCE_SECONDS) {
            return found(
                    RejectionReason.REPETITION_TIME_MISMATCH,
                    "has a repetition time of " + stated + " s, but its header says " + inFile.getAsDouble() + " s");
        }
        OptionalDouble asked = quality.repetitionTimeSeconds();
        return asked.isPresent() && Math.abs(asked.getAsDouble() - stated) > QualityRules.TOLERANCE_SECONDS
                ? found(
                        RejectionReason.REPETITION_TIME_MISMATCH,
                        "has a repetition time of " + stated + " s, not " + asked.getAsDouble() + " s")
                : Optional.empty();
    }

    private Optional<Finding> motion(QualityRules quality) {
        if (quality.maximumMeanDisplacementMillimetres().isEmpty()) {
            return Optional.empty();
        }
        double limit = quality.maximumMeanDisplacementMillimetres().getAsDouble();
        OptionalDouble mean = Motion.meanDisplacement(row, file);
        if (mean.isEmpty()) {
            return found(RejectionReason.MOTION_UNKNOWN, "has no mean framewise displacement");
        }
        return mean.getAsDouble() <= limit
                ? Optional.empty()
                : found(
                        RejectionReason.MOTION_TOO_HIGH,
                        String.format(
                                Locale.ROOT,
                                "moves %.3f mm between frames on average; at most %s mm are allowed",
                                mean.getAsDouble(),
                                limit));
    }

    private static Optional<Finding> found(RejectionReason reason, String message) {
        return Optional.of(new Finding(reason, message));
    }
}
