package org.commissure.models.future;

import java.util.List;
import java.util.Locale;
import org.commissure.models.evaluation.Bootstrap.Interval;
import org.commissure.models.picture.Axis;
import org.commissure.models.picture.SvgPage;

/** R² by step of the horizon, a line for each method, with intervals. */
public final class HorizonChart {
    private static final int WIDTH = 860;
    private static final int LEFT = 70;
    private static final int RIGHT = 220;
    private static final double TOP = 70;
    private static final double HEIGHT = 360;
    private static final int COLOURS = 6;

    /** Persistence can be arbitrarily bad; what lies lower is drawn at the edge. */
    private static final double LOWEST = -0.5;

    private HorizonChart() {}

    public static String svg(String title, FutureScores scores) {
        SvgPage page = new SvgPage(WIDTH, (int) (TOP + HEIGHT) + 60, title);
        double low = 0;
        double high = 0.1;
        for (FutureScores.Method method : scores.methods()) {
            for (Interval r2 : method.r2ByStep()) {
                low = Math.clamp(r2.low(), LOWEST, low);
                high = Math.max(high, r2.high());
            }
        }
        Axis axis = Axis.over(low, high, TOP, HEIGHT);
        page.text(LEFT, TOP - 18, "start", "", "R² on held-out patients, 95 % intervals; lower values at the edge");
        axis.draw(page, LEFT, (double) WIDTH - RIGHT);
        page.line("reference", LEFT, axis.y(0), (double) WIDTH - RIGHT, axis.y(0));
        int horizon = scores.horizon();
        for (int step = 1; step <= horizon; step++) {
            if (step == 1 || step == horizon || step % 5 == 0) {
                page.text(x(step, horizon), TOP + HEIGHT + 18, "middle", "", Integer.toString(step));
            }
        }
        page.text(WIDTH - (double) RIGHT, TOP + HEIGHT + 38, "end", "", "frames after the last one seen");
        for (int m = 0; m < scores.methods().size(); m++) {
            draw(page, axis, scores.methods().get(m), m);
        }
        return page.end();
    }

    private static void draw(SvgPage page, Axis axis, FutureScores.Method method, int index) {
        String style = "c" + index % COLOURS;
        List<Interval> steps = method.r2ByStep();
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            double x =
                    x(i + 1, steps.size()) + 1.2 * (index - 2.5); // side by side, so that intervals can be told apart
            path.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    i == 0 ? "M" : "L",
                    x,
                    axis.y(steps.get(i).estimate())));
            page.line(
                    style, x, axis.y(steps.get(i).low()), x, axis.y(steps.get(i).high()));
        }
        page.path(style, path.toString());
        double y = TOP + 14 + 20.0 * index;
        page.line(style, WIDTH - RIGHT + 8.0, y - 4, WIDTH - RIGHT + 26.0, y - 4);
        page.text(
                WIDTH - RIGHT + 32.0,
                y,
                "start",
                "",
                String.format(Locale.ROOT, "%s %.3f", method.name(), method.r2().estimate()));
    }

    private static double x(int step, int horizon) {
        return LEFT + 12 + (double) (WIDTH - LEFT - RIGHT - 24) * (step - 1) / Math.max(1, horizon - 1);
    }
}
