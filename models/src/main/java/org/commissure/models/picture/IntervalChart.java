package org.commissure.models.picture;

import java.util.List;
import java.util.Locale;

/** Estimates with their intervals, one below the other on a common axis. */
public final class IntervalChart {
    private static final int WIDTH = 800;
    private static final int LEFT = 260;
    private static final int RIGHT = 170;
    private static final int TOP = 60;
    private static final int ROW = 26;
    private static final int TICKS = 6;

    private IntervalChart() {}

    /** One line. @param low of the interval; {@code high} likewise; not numbers where there is none */
    public record Row(String name, double estimate, double low, double high) {}

    /**
     * @param quantity of the horizontal axis
     * @param reference where a dashed line stands
     */
    public static String svg(String title, String quantity, List<Row> rows, double reference) {
        double low = reference;
        double high = reference;
        for (Row row : rows) {
            for (double value : new double[] {row.low(), row.estimate(), row.high()}) {
                low = Double.isFinite(value) ? Math.min(low, value) : low;
                high = Double.isFinite(value) ? Math.max(high, value) : high;
            }
        }
        double room = high > low ? 0.03 * (high - low) : 1;
        double from = low - room;
        double span = high + room - from;
        int bottom = TOP + rows.size() * ROW;
        SvgPage page = new SvgPage(WIDTH, bottom + 60, title);
        for (int tick = 0; tick < TICKS; tick++) {
            double value = from + span * tick / (TICKS - 1);
            page.line("grid", x(value, from, span), TOP - 10, x(value, from, span), bottom);
            page.text(x(value, from, span), bottom + 18, "middle", "", SvgPage.number(value));
        }
        page.line("axis", LEFT, bottom, (double) WIDTH - RIGHT, bottom);
        page.line("reference", x(reference, from, span), TOP - 10, x(reference, from, span), bottom);
        page.text(WIDTH - (double) RIGHT, bottom + 38, "end", "", quantity);
        for (int i = 0; i < rows.size(); i++) {
            draw(page, rows.get(i), TOP + (i + 0.5) * ROW, from, span);
        }
        return page.end();
    }

    private static void draw(SvgPage page, Row row, double y, double from, double span) {
        String numbers = Double.isFinite(row.low()) && Double.isFinite(row.high())
                ? String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", row.estimate(), row.low(), row.high())
                : String.format(Locale.ROOT, "%.3f", row.estimate());
        page.text(LEFT - 10.0, y + 4, "end", "", row.name());
        if (Double.isFinite(row.low()) && Double.isFinite(row.high())) {
            page.line("c0", x(row.low(), from, span), y, x(row.high(), from, span), y);
        }
        if (Double.isFinite(row.estimate())) {
            page.dot(x(row.estimate(), from, span), y, row.name() + " " + numbers);
        }
        page.text(WIDTH - RIGHT + 8.0, y + 4, "start", "", numbers);
    }

    private static double x(double value, double from, double span) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - from) / span;
    }
}
