package org.commissure.models.training;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.commissure.models.durable.AtomicFile;

/**
 * A run as a picture: R² on held-out scans by step with both baselines as lines, and the training loss below. Plain SVG
 * without scripts or fonts to fetch; follows the reader's light or dark scheme.
 */
public final class TrainingCurve {
    private static final int WIDTH = 800;
    private static final int PANEL = 260;
    private static final int LEFT = 64;
    private static final int RIGHT = 150;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    /** An untrained model can be arbitrarily bad; what lies lower is drawn at the edge. */
    private static final double LOWEST_R2 = -1;

    private static final String STYLE = "svg{background:#fff;color:#1a1a1a;font:13px system-ui,sans-serif}"
            + "text{fill:currentColor}.grid{stroke:currentColor;opacity:.15}.axis{stroke:currentColor}"
            + "path{fill:none;stroke-width:2}.model{stroke:#1f6feb}.line{stroke:#bc4c00;stroke-dasharray:7 4}"
            + ".mean{stroke:#6e7781;stroke-dasharray:2 4}.loss{stroke:#1a7f37;stroke-width:1.3}"
            + "@media (prefers-color-scheme:dark){svg{background:#0d1117;color:#e6edf3}.model{stroke:#58a6ff}"
            + ".line{stroke:#f0883e}.mean{stroke:#8b949e}.loss{stroke:#56d364}}";

    private final StringBuilder svg = new StringBuilder();
    private final String title;
    private final long lastStep;

    private TrainingCurve(String title, long lastStep) {
        this.title = title;
        this.lastStep = Math.max(1, lastStep);
    }

    private record Point(long step, double value) {}

    /** Writes the picture; readers see the old file or the new one. */
    public static void write(Path file, String title, MetricsLog metrics) throws IOException {
        AtomicFile.write(file, svg(title, metrics.losses(), metrics.evaluations()));
    }

    /** Both lists in order of steps; either may be empty. */
    static String svg(String title, List<TrainingEvent.Stepped> losses, List<TrainingEvent.Evaluated> evaluations) {
        long last = Math.max(
                losses.isEmpty() ? 1 : losses.getLast().step(),
                evaluations.isEmpty() ? 1 : evaluations.getLast().step());
        var curve = new TrainingCurve(title, last);
        curve.draw(losses, evaluations);
        return curve.svg.toString();
    }

    private void draw(List<TrainingEvent.Stepped> losses, List<TrainingEvent.Evaluated> evaluations) {
        int panels = evaluations.isEmpty() ? 1 : 2;
        int height = panels * (TOP + PANEL + BOTTOM) + 24;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n<title>%s</title>\n"
                        + "<style>%s</style>\n",
                WIDTH,
                height,
                escape(title),
                STYLE));
        text(LEFT, 20, "start", "font-weight=\"600\"", title);
        int top = 24 + TOP;
        if (!evaluations.isEmpty()) {
            scores(evaluations, top);
            top += PANEL + BOTTOM + TOP;
        }
        loss(losses, top);
        svg.append("</svg>\n");
    }

    private void scores(List<TrainingEvent.Evaluated> evaluations, int top) {
        List<Point> model = points(evaluations, Scores::r2);
        List<Point> line = points(evaluations, Scores::r2Interpolation);
        List<Point> mean = points(evaluations, Scores::r2ParcelMean);
        double low = 0;
        double high = 0.1;
        for (List<Point> course : List.of(model, line, mean)) {
            for (Point point : course) {
                low = Math.clamp(point.value(), LOWEST_R2, low);
                high = Math.max(high, point.value());
            }
        }
        Axis axis = Axis.of(low, high, top);
        frame(axis, "R² on masked values of held-out scans");
        path("line", line, axis);
        path("mean", mean, axis);
        path("model", model, axis);
        label(axis, model.getLast(), "model");
        label(axis, line.getLast(), "interpolation");
        label(axis, mean.getLast(), "parcel mean");
    }

    private void loss(List<TrainingEvent.Stepped> losses, int top) {
        List<Point> course =
                losses.stream().map(s -> new Point(s.step(), s.loss())).toList();
        double high = course.stream().mapToDouble(Point::value).max().orElse(1);
        Axis axis = Axis.of(0, high, top);
        frame(axis, "training loss");
        path("loss", course, axis);
        if (!course.isEmpty()) {
            label(axis, course.getLast(), "loss");
        }
    }

    private static List<Point> points(List<TrainingEvent.Evaluated> evaluations, ToDoubleFunction<Scores> value) {
        return evaluations.stream()
                .map(e -> new Point(e.step(), value.applyAsDouble(e.scores())))
                .toList();
    }

    /** A vertical axis with a tick at every multiple of {@code tick}. */
    private record Axis(double low, double high, double tick, int top) {
        static Axis of(double low, double high, int top) {
            double raw = Math.max(high - low, 1e-9) / 5;
            double power = Math.pow(10, Math.floor(Math.log10(raw)));
            double tick = power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
            return new Axis(Math.floor(low / tick) * tick, Math.ceil(high / tick) * tick, tick, top);
        }

        double y(double value) {
            return top + PANEL * (high - Math.clamp(value, low, high)) / (high - low);
        }
    }

    private double x(long step) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * step / lastStep;
    }

    private void frame(Axis axis, String name) {
        text(LEFT, axis.top() - 12, "start", "", name);
        for (long i = Math.round(axis.low() / axis.tick()); i * axis.tick() <= axis.high() + axis.tick() / 2; i++) {
            double value = i * axis.tick();
            line("grid", LEFT, axis.y(value), WIDTH - RIGHT, axis.y(value));
            text(LEFT - 8, axis.y(value) + 4, "end", "", number(value));
        }
        line("axis", LEFT, axis.top() + PANEL, WIDTH - RIGHT, axis.top() + PANEL);
        for (int quarter = 0; quarter <= 4; quarter++) {
            long step = lastStep * quarter / 4;
            text(x(step), axis.top() + PANEL + 18, "middle", "", Long.toString(step));
        }
        text(WIDTH - RIGHT, axis.top() + PANEL + 33, "end", "", "step");
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
        return rounded.abs().doubleValue() < 1e-9 ? "0" : rounded.toPlainString();
    }

    private void path(String style, List<Point> course, Axis axis) {
        StringBuilder d = new StringBuilder();
        for (Point point : course) {
            d.append(String.format(
                    Locale.ROOT, "%s%.1f %.1f", d.isEmpty() ? "M" : "L", x(point.step()), axis.y(point.value())));
        }
        svg.append("<path class=\"").append(style).append("\" d=\"").append(d).append("\"/>\n");
    }

    private void label(Axis axis, Point point, String name) {
        text(
                WIDTH - RIGHT + 6,
                axis.y(point.value()) + 4,
                "start",
                "",
                String.format(Locale.ROOT, "%s %.3f", name, point.value()));
    }

    private void line(String style, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                style,
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String attributes, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n",
                x,
                y,
                anchor,
                attributes,
                escape(text)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
