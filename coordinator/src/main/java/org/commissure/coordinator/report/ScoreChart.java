package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.commissure.coordinator.round.EvaluationSummary;

/**
 * R² by round as inline SVG: the model and both baselines, told apart by colour, dash and marker, each
 * named at its last point. Rounds without an evaluation leave a gap.
 */
final class ScoreChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 300;
    private static final int LEFT = 56;
    private static final int RIGHT = 150;
    private static final int TOP = 16;
    private static final int BOTTOM = 40;
    /** Least distance of two labels, so that they stay readable. */
    private static final double LABEL_PIXELS = 16;

    private record Line(String name, String style, ToDoubleFunction<EvaluationSummary> value) {}

    private static final List<Line> LINES = List.of(
            new Line("linear interpolation", "interpolation", EvaluationSummary::r2Interpolation),
            new Line("parcel mean", "mean", EvaluationSummary::r2ParcelMean),
            new Line("model", "model", EvaluationSummary::r2));

    private final List<RunReport.Round> rounds;
    private final int lastRound;
    private final Axis axis;

    private ScoreChart(List<RunReport.Round> rounds, List<EvaluationSummary> scores) {
        this.rounds = rounds;
        this.lastRound = Math.max(1, rounds.getLast().round());
        double[] values = scores.stream()
                .flatMapToDouble(
                        score -> LINES.stream().mapToDouble(line -> line.value().applyAsDouble(score)))
                .toArray();
        this.axis = Axis.over(
                Math.min(0, Arrays.stream(values).min().orElse(0)),
                Math.max(0.05, Arrays.stream(values).max().orElse(1)));
    }

    /** A sentence instead where no round has an evaluation. */
    static String of(RunReport report) {
        List<EvaluationSummary> scores = report.rounds().stream()
                .map(RunReport.Round::evaluation)
                .filter(Objects::nonNull)
                .toList();
        return scores.isEmpty()
                ? "<p>n/a: no evaluation was released in this run.</p>\n"
                : new ScoreChart(report.rounds(), scores).svg();
    }

    private String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"r2t r2d\">\n"
                .formatted(WIDTH, HEIGHT));
        svg.append("<title id=\"r2t\">R² on the external cohorts by round</title>\n");
        svg.append("<desc id=\"r2d\">The model beside the parcel mean and linear interpolation; ");
        svg.append("the table below holds the same numbers.</desc>\n");
        axes(svg);
        List<Double> labels = new ArrayList<>();
        for (Line line : LINES.reversed()) {
            draw(svg, line, labels);
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg) {
        for (double tick : axis.ticks()) {
            svg.append(format(
                    "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    axis.isZero(tick) ? "zero" : "grid", LEFT, WIDTH - RIGHT, y(tick), y(tick)));
            svg.append(format(
                    "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>%n",
                    LEFT - 8, y(tick) + 4, axis.label(tick)));
        }
        int every = Math.max(1, lastRound / 10);
        for (int round = 0; round <= lastRound; round += every) {
            svg.append(format(
                    "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%d</text>%n",
                    x(round), HEIGHT - BOTTOM + 18, round));
        }
        svg.append(format(
                "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">round</text>%n",
                x(lastRound / 2.0), HEIGHT - 4));
        svg.append(format("<text class=\"tick\" x=\"4\" y=\"%d\">R²</text>%n", TOP));
    }

    private void draw(StringBuilder svg, Line line, List<Double> labels) {
        StringBuilder path = new StringBuilder();
        StringBuilder points = new StringBuilder();
        boolean gap = true;
        double lastX = LEFT;
        double lastY = y(0);
        for (RunReport.Round round : rounds) {
            EvaluationSummary evaluation = round.evaluation();
            if (evaluation == null) {
                gap = true;
                continue;
            }
            double value = line.value().applyAsDouble(evaluation);
            lastX = x(round.round());
            lastY = y(value);
            path.append(format("%s%.1f %.1f ", gap ? "M" : "L", lastX, lastY));
            points.append(format(
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>round %d, %s: %s</title></circle>%n",
                    line.style(),
                    lastX,
                    lastY,
                    line.style().equals("model") ? "3.5" : "2.5",
                    round.round(),
                    line.name(),
                    Numbers.score(value)));
            gap = false;
        }
        svg.append("<path class=\"%s\" d=\"%s\"/>\n"
                .formatted(line.style(), path.toString().strip()));
        svg.append(points);
        double place = lastY;
        while (isTaken(labels, place)) {
            place += 2; // downwards, until no other label is in the way
        }
        labels.add(place);
        svg.append(format(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                line.style(), lastX + 10, place + 4, line.name()));
    }

    private static boolean isTaken(List<Double> labels, double place) {
        return labels.stream().anyMatch(other -> Math.abs(other - place) < LABEL_PIXELS);
    }

    private double x(double round) {
        return LEFT + (WIDTH - LEFT - RIGHT) * round / lastRound;
    }

    private double y(double value) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - axis.share(value));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
