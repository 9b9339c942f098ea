package org.commissure.site.science;

import java.util.List;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.picture.SvgPage;

/** A table's scores with their intervals, a panel for each site and a line for each strategy, as SVG. */
final class ForestPlot {
    private static final int LEFT = 230;
    private static final int PANEL = 230;
    private static final int GAP = 48;
    private static final int LINE = 22;
    private static final int TOP = 84;
    private static final int TICKS = 5;

    private ForestPlot() {}

    static String svg(ScoreTable table) {
        List<ScoreTable.Row> rows = table.rows().stream()
                .filter(row ->
                        row.cells().stream().anyMatch(cell -> cell.score().isPresent()))
                .toList();
        int bottom = TOP + LINE * rows.size();
        var page = new SvgPage(LEFT + table.columns().size() * (PANEL + GAP), bottom + 60, table.title());
        double low = table.columns().stream()
                .mapToDouble(ScoreTable.Column::reference)
                .min()
                .orElse(0);
        double high = low;
        for (ScoreTable.Row row : rows) {
            for (ScoreTable.Cell cell : row.cells()) {
                if (cell.score().isPresent()) {
                    double score = cell.score().getAsDouble();
                    low = Math.min(
                            low, cell.interval().map(Bootstrap.Interval::low).orElse(score));
                    high = Math.max(
                            high, cell.interval().map(Bootstrap.Interval::high).orElse(score));
                }
            }
        }
        var scale = new Scale(low, Math.max(high, low + 1e-3));
        for (int r = 0; r < rows.size(); r++) {
            page.text(LEFT - 10.0, y(r) + 4, "end", "", rows.get(r).name());
        }
        for (int c = 0; c < table.columns().size(); c++) {
            panel(page, table, rows, c, scale, bottom);
        }
        page.text(
                LEFT, bottom + 46.0, "start", "", table.quantity() + ", 95 % interval over patients; dashed: constant");
        return page.end();
    }

    /** The same for all panels, so that sites compare. */
    private record Scale(double low, double high) {
        double x(double left, double value) {
            return left + PANEL * (Math.clamp(value, low, high) - low) / (high - low);
        }
    }

    private static double y(int row) {
        return TOP + LINE * (row + 0.5);
    }

    private static void panel(
            SvgPage page, ScoreTable table, List<ScoreTable.Row> rows, int c, Scale scale, int bottom) {
        ScoreTable.Column column = table.columns().get(c);
        double left = LEFT + (double) c * (PANEL + GAP);
        page.text(
                left,
                TOP - 16.0,
                "start",
                "font-weight=\"600\"",
                ScoreText.header(table).get(c + 1));
        for (int tick = 0; tick < TICKS; tick++) {
            double value = scale.low() + (scale.high() - scale.low()) * tick / (TICKS - 1);
            page.line("grid", scale.x(left, value), TOP, scale.x(left, value), bottom);
            page.text(
                    scale.x(left, value),
                    bottom + 18.0,
                    "middle",
                    "",
                    ScoreText.number(value).replaceFirst("\\d$", ""));
        }
        page.line("axis", left, bottom, left + PANEL, bottom);
        double reference = scale.x(left, column.reference());
        page.line("reference", reference, TOP, reference, bottom);
        for (int r = 0; r < rows.size(); r++) {
            ScoreTable.Cell cell = rows.get(r).cells().get(c);
            if (cell.score().isPresent()) {
                double y = y(r);
                cell.interval().ifPresent(i -> page.line("c0", scale.x(left, i.low()), y, scale.x(left, i.high()), y));
                double score = cell.score().getAsDouble();
                page.dot(
                        scale.x(left, score),
                        y,
                        rows.get(r).name() + " at " + column.site() + ": " + ScoreText.number(score));
            }
        }
    }
}
