package org.commissure.models.meanfield.picture;

import java.util.List;
import java.util.Locale;
import org.commissure.models.picture.Axis;
import org.commissure.models.picture.SvgPage;

/** The lowest cost so far by generation or iteration, one line for each search. */
public final class FitCurve {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 340;
    private static final int LEFT = 70;
    private static final int RIGHT = 150;
    private static final double TOP = 60;
    /** A first generation can be arbitrarily bad; what lies higher is drawn at the edge. */
    private static final double HIGHEST = 2;

    private static final int COLOURS = 5;

    private FitCurve() {}

    /**
     * @param unit of the horizontal axis: "generation", "iteration"
     * @param quantity of the vertical one
     * @param curves cost of each unit, one list for each search; empty ones are left out
     * @param names of the curves
     */
    public static String svg(
            String title, String unit, String quantity, List<List<Double>> curves, List<String> names) {
        SvgPage page = new SvgPage(WIDTH, 460, title);
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        int longest = 1;
        for (List<Double> curve : curves) {
            for (double value : curve) {
                low = Math.min(low, value);
                high = Math.clamp(value, high, HIGHEST);
            }
            longest = Math.max(longest, curve.size());
        }
        Axis axis = Axis.over(Double.isInfinite(low) ? 0 : Math.min(low, high), high, TOP, HEIGHT);
        page.text(LEFT, TOP - 14, "start", "", quantity);
        axis.draw(page, LEFT, WIDTH - RIGHT);
        for (int quarter = 0; quarter <= 4; quarter++) {
            int at = 1 + (longest - 1) * quarter / 4;
            page.text(x(at, longest), TOP + HEIGHT + 18, "middle", "", Integer.toString(at));
        }
        page.text(WIDTH - RIGHT, TOP + HEIGHT + 34, "end", "", unit);
        for (int i = 0; i < curves.size(); i++) {
            if (!curves.get(i).isEmpty()) {
                draw(page, axis, curves.get(i), longest, names.get(i), i);
            }
        }
        return page.end();
    }

    private static void draw(SvgPage page, Axis axis, List<Double> curve, int longest, String name, int index) {
        StringBuilder path = new StringBuilder();
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < curve.size(); i++) {
            best = Math.min(best, curve.get(i));
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x(i + 1, longest), axis.y(best)));
        }
        page.path("c" + index % COLOURS, path.toString());
        page.text(
                WIDTH - RIGHT + 6.0,
                TOP + 14 + 18.0 * index,
                "start",
                "",
                String.format(Locale.ROOT, "%s %.3f", name, best));
    }

    private static double x(int at, int longest) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * (at - 1) / Math.max(1, longest - 1);
    }
}
