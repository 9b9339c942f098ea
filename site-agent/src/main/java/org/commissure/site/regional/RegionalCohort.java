package org.commissure.site.regional;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.Subject;

/**
 * The patients of a sealed split that a regional study can use: those of its repetition time. Each
 * internal patient is in the training or in the validation part by a draw of its own, so that a patient
 * who joins or withdraws moves nobody else.
 */
public record RegionalCohort(List<Subject> training, List<Subject> validation, List<Subject> external) {
    public RegionalCohort {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        external = List.copyOf(external);
    }

    public static RegionalCohort of(SealedSplit split, RegionalPlan plan) {
        List<Subject> training = new ArrayList<>();
        List<Subject> validation = new ArrayList<>();
        for (Subject subject : usable(split.internal(), plan)) {
            boolean second = draw(subject) < plan.statistics().validationFraction();
            (second ? validation : training).add(subject);
        }
        return new RegionalCohort(training, validation, usable(split.external(), plan));
    }

    private static List<Subject> usable(List<Subject> subjects, RegionalPlan plan) {
        return subjects.stream()
                .filter(subject -> Math.abs(subject.repetitionTimeSeconds()
                                - plan.statistics().repetitionTimeSeconds())
                        <= plan.statistics().repetitionTimeToleranceSeconds() + 1e-9)
                .toList();
    }

    /** In [0, 1); it stays at the site, so it needs no salt. */
    private static double draw(Subject subject) {
        ByteString digest = SignedMessages.sha256(
                ByteString.copyFromUtf8("commissure/v1/regional/validation\0" + subject.participantId()));
        return (digest.asReadOnlyByteBuffer().getLong() >>> 11) * 0x1p-53;
    }

    /**
     * Why this site cannot take part, in words that may leave it: kinds of problem, never counts.
     *
     * @param rejection the commonest reason for which the admission check turned patients away
     */
    public static Optional<String> problem(SealedSplit split, RegionalPlan plan, Optional<RejectionReason> rejection) {
        RegionalCohort cohort = of(split, plan);
        boolean enough = cohort.training.size() + cohort.validation.size()
                        >= plan.statistics().minimumSubjects()
                && !cohort.training.isEmpty()
                && !cohort.external.isEmpty();
        if (enough) {
            return Optional.empty();
        }
        Optional<Double> other = split.internal().stream()
                .map(Subject::repetitionTimeSeconds)
                .filter(seconds -> Math.abs(seconds - plan.statistics().repetitionTimeSeconds())
                        > plan.statistics().repetitionTimeToleranceSeconds() + 1e-9)
                .findFirst();
        return Optional.of(other.map(seconds -> String.format(
                        Locale.ROOT,
                        "the repetition time does not fit: this site has scans of %.3g s, the study is of %.3g s",
                        seconds,
                        plan.statistics().repetitionTimeSeconds()))
                .orElseGet(() -> "too few patients of this site's cohort can be used"
                        + rejection
                                .map(reason -> "; the commonest problem: " + reason.code())
                                .orElse("")));
    }

    /** Counts and patients stay inside the hospital. */
    @Override
    public String toString() {
        return "RegionalCohort";
    }
}
