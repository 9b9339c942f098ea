package org.commissure.coordinator.report;

import java.util.Locale;
import org.commissure.protocol.evaluation.Calibration;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.Interval;

/**
 * The reliability curve of the federated model as inline SVG: in each bin of the probability the share of class 1 with
 * its interval against the mean probability, beside the diagonal of a calibrated model, and slope and intercept below.
 */
final class ReliabilityPlot {
    private static final int SIZE = 300;
    private static final int LEFT = 56;
    private static final int TOP = 12;
    private static final int WIDTH = LEFT + SIZE + 20;
    private static final int HEIGHT = TOP + SIZE + 44;
    private static final Axis AXIS = new Axis(0, 1, 0.2);

    private ReliabilityPlot() {}

    /** Nothing where two classes were not told apart, or no bin has patients enough. */
    static String of(PhenotypeReport report) {
        return !report.scores().isEmpty()
                        && report.scores().getFirst().metrics() instanceof ClassificationMetrics metrics
                        && metrics.reliability().stream().anyMatch(bin -> bin.observed() != null)
                ? figure(report, metrics)
                : "";
    }

    private static String figure(PhenotypeReport report, ClassificationMetrics metrics) {
        StringBuilder svg = new StringBuilder(format(
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" style=\"max-width:%dpx\" role=\"img\""
                        + " aria-labelledby=\"rct rcd\">%n",
                WIDTH, HEIGHT, WIDTH));
        svg.append("<title id=\"rct\">Reliability of the federated model</title>\n");
        svg.append("<desc id=\"rcd\">Share of class ")
                .append(Html.escape(report.classes().get(1)))
                .append(" by predicted probability, with 95 % intervals; report.json holds the same numbers.</desc>\n");
        axes(svg);
        for (ClassificationMetrics.ReliabilityBin bin : metrics.reliability()) {
            Estimate observed = bin.observed();
            Double predicted = bin.predicted();
            if (observed != null && predicted != null) {
                point(svg, bin, predicted, observed);
            }
        }
        return svg.append("</svg>\n<p>")
                .append(caption(metrics))
                .append("</p>\n")
                .toString();
    }

    private static void axes(StringBuilder svg) {
        for (double tick : AXIS.ticks()) {
            svg.append(format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, LEFT + SIZE, y(tick), y(tick)));
            svg.append(format(
                    "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>%n",
                    LEFT - 8, y(tick) + 4, AXIS.label(tick)));
            svg.append(format(
                    "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    x(tick), TOP + SIZE + 18, AXIS.label(tick)));
        }
        svg.append(format(
                "<line class=\"zero\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n", x(0), y(0), x(1), y(1)));
        svg.append(format(
                "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">predicted probability</text>%n",
                x(0.5), HEIGHT - 6));
        svg.append(format(
                "<text class=\"tick\" text-anchor=\"middle\" transform=\"rotate(-90 14 %.1f)\" x=\"14\""
                        + " y=\"%.1f\">observed share</text>%n",
                y(0.5), y(0.5)));
    }

    private static void point(
            StringBuilder svg, ClassificationMetrics.ReliabilityBin bin, double predicted, Estimate observed) {
        Interval interval = observed.interval();
        if (interval != null) {
            svg.append(format(
                    "<path class=\"model\" d=\"M%.1f %.1fV%.1f\"/>%n",
                    x(predicted), y(interval.low()), y(interval.high())));
        }
        svg.append(format(
                "<circle class=\"model\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>predicted %.1f to %.1f,"
                        + " observed %s</title></circle>%n",
                x(predicted), y(observed.value()), bin.low(), bin.high(), PhenotypeSection.estimate(observed)));
    }

    private static String caption(ClassificationMetrics metrics) {
        Calibration calibration = metrics.calibration();
        String line = calibration == null
                ? "No recalibration line can be fitted."
                : "Recalibration: slope " + PhenotypeSection.estimate(calibration.slope())
                        + " (1 if calibrated), intercept " + PhenotypeSection.estimate(calibration.intercept())
                        + " (0).";
        return "Reliability of the federated model; bins of fewer than ten patients are left out. " + line
                + " Brier score " + PhenotypeSection.estimate(metrics.brier()) + ".";
    }

    private static double x(double share) {
        return LEFT + SIZE * AXIS.share(share);
    }

    private static double y(double share) {
        return TOP + SIZE * (1 - AXIS.share(share));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
