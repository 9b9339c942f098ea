package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.Interval;
import org.commissure.protocol.evaluation.ReconstructionMetrics;
import org.commissure.protocol.study.Study;
import org.jspecify.annotations.Nullable;

/** Recomputes a {@link SealedEvaluation} from the opened sums. */
final class SealedEvaluations {
    private static final String NOT_POOLED = "pooled training cannot be in a federation, where nobody holds the pooled"
            + " data; 'science reconstruction-table' simulates it on cohorts that lie in one place";

    private static final String NOT_ASKED =
            "no site trained alone, because the study does not ask for it (evaluation.single_site)";

    private static final String NOT_SCORED =
            "models that sites trained alone are scored in the last round, whose evaluation is not there";

    private SealedEvaluations() {}

    /** Empty where no scored round has its sum. */
    static Optional<SealedEvaluation> of(List<RunReport.Round> rounds, List<String> sites, Study study, KeptSums sums) {
        for (RunReport.Round round : rounds.reversed()) {
            Optional<ReconstructionMetrics> metrics = metrics(round, study, sums);
            if (metrics.isPresent()) {
                return Optional.of(of(rounds, sites, round, metrics.get(), study, sums));
            }
        }
        return Optional.empty();
    }

    private static SealedEvaluation of(
            List<RunReport.Round> rounds,
            List<String> sites,
            RunReport.Round last,
            ReconstructionMetrics metrics,
            Study study,
            KeptSums sums) {
        Estimate untrained = last.round() == 0 || rounds.getFirst().round() != 0
                ? null
                : metrics(rounds.getFirst(), study, sums)
                        .map(ReconstructionMetrics::r2)
                        .orElse(null);
        List<SealedEvaluation.Finding> findings = new ArrayList<>();
        findings.add(finding("parcel mean", metrics.r2OverParcelMean(), true));
        findings.add(finding("linear interpolation", metrics.r2OverInterpolation(), true));
        Estimate overSingleSite = metrics.r2OverSingleSite();
        if (overSingleSite != null) {
            findings.add(finding("models that sites trained alone", overSingleSite, true));
        }
        if (untrained != null) {
            findings.add(finding("untrained model", difference(metrics.r2(), untrained), false));
        }
        return new SealedEvaluation(
                last.round(),
                last.modelSha256(),
                metrics,
                untrained,
                findings,
                comparison(metrics, study),
                dropouts(rounds, sites));
    }

    private static SealedEvaluation.Comparison comparison(ReconstructionMetrics metrics, Study study) {
        Estimate alone = metrics.r2SingleSite();
        String reason = alone != null
                ? NOT_POOLED
                : (study.evaluation().comparesSingleSites() ? NOT_SCORED : NOT_ASKED) + "; " + NOT_POOLED;
        return new SealedEvaluation.Comparison(
                alone == null ? null : alone.value(), metrics.r2().value(), null, reason, metrics.r2OverSingleSite());
    }

    private static Optional<ReconstructionMetrics> metrics(RunReport.Round round, Study study, KeptSums sums) {
        RunReport.EvaluationSum sum = round.evaluationSum();
        if (sum == null || round.evaluation() == null) {
            return Optional.empty();
        }
        try {
            return ReconstructionMetrics.of(
                    study.evaluation().maskRatios(), study.evaluation().comparesSingleSites(), sums.read(sum));
        } catch (KeptSums.DamagedSumException | IllegalArgumentException e) {
            return Optional.empty(); // a report is written all the same; 'report verify' says what is wrong
        }
    }

    private static SealedEvaluation.Finding finding(String baseline, Estimate difference, boolean paired) {
        Interval interval = difference.interval();
        SealedEvaluation.Verdict verdict = interval == null
                ? SealedEvaluation.Verdict.UNKNOWN
                : interval.low() > 0
                        ? SealedEvaluation.Verdict.BETTER
                        : interval.high() < 0 ? SealedEvaluation.Verdict.WORSE : SealedEvaluation.Verdict.NO_DIFFERENCE;
        return new SealedEvaluation.Finding(baseline, difference, paired, verdict);
    }

    /** As if both were of unlike patients (MOVER, Zou and Donner 2008); they are of the same, so it is conservative. */
    private static Estimate difference(Estimate first, Estimate second) {
        double value = first.value() - second.value();
        Interval a = first.interval();
        Interval b = second.interval();
        return new Estimate(value, a == null || b == null ? null : interval(value, first, a, second, b));
    }

    private static @Nullable Interval interval(double value, Estimate first, Interval a, Estimate second, Interval b) {
        double down = squares(first.value() - a.low(), b.high() - second.value());
        double up = squares(a.high() - first.value(), second.value() - b.low());
        return new Interval(value - down, value + up);
    }

    private static double squares(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    private static List<SealedEvaluation.Dropout> dropouts(List<RunReport.Round> rounds, List<String> sites) {
        List<RunReport.Round> released = rounds.stream()
                .filter(round -> round.outcome() == RoundOutcome.RELEASED)
                .toList();
        return sites.stream()
                .map(site -> new SealedEvaluation.Dropout(
                        site,
                        (int) released.stream()
                                .filter(round -> !round.survivors().contains(site))
                                .count(),
                        released.size()))
                .filter(dropout -> dropout.rounds() > 0)
                .toList();
    }
}
