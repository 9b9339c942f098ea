package org.commissure.coordinator.report;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.commissure.protocol.evaluation.Interval;
import org.jspecify.annotations.Nullable;

/** Values with their intervals, one below the other, as inline SVG. */
final class ForestPlot {
    private static final int WIDTH = 720;
    private static final int LEFT = 236;
    private static final int RIGHT = 170;
    private static final int ROW = 26;
    private static final int BOTTOM = 42;

    /** How a row is drawn. */
    enum Mark {
        /** A circle on its interval. */
        POINT("model"),
        /** The same, for what the model is compared with. */
        BASELINE("mean"),
        /** A bar over the interval in which sites lie. */
        SITES("spread"),
        /** A diamond from one end of the interval to the other. */
        DIAMOND("model"),
        /** A line over the interval. */
        LINE("interpolation");

        private final String style;

        Mark(String style) {
            this.style = style;
        }
    }

    /**
     * A row.
     *
     * @param text the same in words, at the right
     */
    record Row(String label, double value, @Nullable Interval interval, Mark mark, String text) {
        static Row of(String label, double value, @Nullable Interval interval, Mark mark) {
            return new Row(label, value, interval, mark, Numbers.withInterval(value, interval));
        }
    }

    private final String id;
    private final List<Row> rows;
    private final Axis axis;

    private ForestPlot(String id, List<Row> rows) {
        this.id = id;
        this.rows = rows;
        double[] ends = rows.stream()
                .flatMapToDouble(row -> {
                    Interval interval = row.interval();
                    return interval == null
                            ? DoubleStream.of(row.value())
                            : DoubleStream.of(interval.low(), row.value(), interval.high());
                })
                .toArray();
        this.axis = Axis.over(
                DoubleStream.of(ends).min().orElse(0),
                DoubleStream.of(ends).max().orElse(1));
    }

    /**
     * @param id distinguishes the plots of a page
     * @param title for readers who do not see it; the numbers stand in it as text as well
     */
    static String of(String id, String title, String unit, List<Row> rows) {
        return new ForestPlot(id, rows).svg(title, unit);
    }

    private String svg(String title, String unit) {
        int height = ROW * rows.size() + BOTTOM;
        StringBuilder svg = new StringBuilder(format(
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s\">%n"
                        + "<title id=\"%s\">%s</title>%n",
                WIDTH, height, id, id, Html.escape(title)));
        for (double tick : axis.ticks()) {
            svg.append(format(
                    "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>"
                            + "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    axis.isZero(tick) ? "zero" : "grid",
                    x(tick),
                    x(tick),
                    ROW * rows.size(),
                    x(tick),
                    ROW * rows.size() + 16,
                    axis.label(tick)));
        }
        svg.append(format(
                "<text class=\"tick\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">%s</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, ROW * rows.size() + 34, Html.escape(unit)));
        for (int i = 0; i < rows.size(); i++) {
            draw(svg, rows.get(i), ROW * i + ROW / 2);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, Row row, int y) {
        svg.append(format(
                "<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>"
                        + "<text class=\"tick\" x=\"%d\" y=\"%d\">%s</text>%n",
                LEFT - 12, y + 4, Html.escape(row.label()), WIDTH - RIGHT + 12, y + 4, Html.escape(row.text())));
        Interval interval = Objects.requireNonNullElse(row.interval(), new Interval(row.value(), row.value()));
        double left = x(interval.low());
        double right = x(interval.high());
        String style = row.mark().style;
        switch (row.mark()) {
            case SITES ->
                svg.append(format(
                        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"10\" rx=\"2\"/>%n",
                        style, left, y - 5, right - left));
            case DIAMOND ->
                svg.append(format(
                        "<polygon class=\"%s\" points=\"%.1f,%d %.1f,%d %.1f,%d %.1f,%d\"/>%n",
                        style, left, y, x(row.value()), y - 7, right, y, x(row.value()), y + 7));
            case LINE -> svg.append(format("<path class=\"%s\" d=\"M%.1f %dL%.1f %d\"/>%n", style, left, y, right, y));
            case POINT, BASELINE ->
                svg.append(format(
                        "<path class=\"whisker %s\" d=\"M%.1f %dL%.1f %d\"/>"
                                + "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>%n",
                        style, left, y, right, y, style, x(row.value()), y));
        }
    }

    private double x(double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * axis.share(value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
