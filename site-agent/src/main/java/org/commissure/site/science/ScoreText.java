package org.commissure.site.science;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A table as lines for a terminal, and as facts for a program. */
final class ScoreText {
    private ScoreText() {}

    static List<String> lines(ScoreTable table) {
        List<List<String>> grid = new ArrayList<>();
        grid.add(header(table));
        table.rows().forEach(row -> grid.add(cells(row)));
        int[] widths = new int[grid.getFirst().size()];
        for (List<String> line : grid) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(table.title());
        lines.add("");
        for (List<String> line : grid) {
            StringBuilder text = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                text.append(line.get(c))
                        .append(" ".repeat(widths[c] - line.get(c).length() + 2));
            }
            lines.add(text.toString().stripTrailing());
        }
        lines.add("");
        lines.addAll(table.findings());
        lines.add("");
        lines.add("Differences in design, and limits:");
        table.differences().forEach(difference -> lines.add("- " + difference));
        return lines;
    }

    static List<String> header(ScoreTable table) {
        List<String> header = new ArrayList<>(List.of(table.quantity()));
        table.columns()
                .forEach(column -> header.add(
                        column.patients() > 0 ? column.site() + " (n = " + column.patients() + ")" : column.site()));
        return header;
    }

    static List<String> cells(ScoreTable.Row row) {
        List<String> cells = new ArrayList<>(List.of(row.name()));
        row.cells().forEach(cell -> cells.add(text(cell)));
        return cells;
    }

    private static String text(ScoreTable.Cell cell) {
        if (cell.score().isEmpty()) {
            return "–";
        }
        String interval = cell.interval()
                .map(i -> " [" + number(i.low()) + ", " + number(i.high()) + "]")
                .orElse("");
        String auc = cell.auc().isPresent() ? ", AUC " + number(cell.auc().getAsDouble()) : "";
        return number(cell.score().getAsDouble()) + interval + auc;
    }

    /** Three digits, with the minus sign of print. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replace('-', '−');
    }

    static Map<String, Object> facts(ScoreTable table) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("title", table.title());
        facts.put("quantity", table.quantity());
        facts.put("rows", table.rows().stream().map(row -> facts(table, row)).toList());
        facts.put("findings", table.findings());
        facts.put("differences", table.differences());
        return facts;
    }

    private static Map<String, Object> facts(ScoreTable table, ScoreTable.Row row) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("key", row.key());
        facts.put("name", row.name());
        Map<String, Object> bySite = new LinkedHashMap<>();
        for (int c = 0; c < table.columns().size(); c++) {
            ScoreTable.Cell cell = row.cells().get(c);
            if (cell.score().isPresent()) {
                bySite.put(table.columns().get(c).site(), facts(table.columns().get(c), cell));
            }
        }
        facts.put("sites", bySite);
        return facts;
    }

    private static Map<String, Object> facts(ScoreTable.Column column, ScoreTable.Cell cell) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("score", cell.score().getAsDouble());
        cell.interval().ifPresent(interval -> {
            facts.put("patients", column.patients());
            facts.put("low", interval.low());
            facts.put("high", interval.high());
            facts.put("coversReference", interval.covers(column.reference()));
        });
        cell.auc().ifPresent(auc -> facts.put("auc", auc));
        return facts;
    }

    /** "a, b and c". */
    static String list(List<String> names) {
        return names.size() < 2
                ? String.join("", names)
                : names.subList(0, names.size() - 1).stream().collect(Collectors.joining(", ")) + " and "
                        + names.getLast();
    }
}
