package org.commissure.site.science;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.models.evaluation.Bootstrap;

/**
 * Scores of strategies at sites, for a person and for a program.
 *
 * @param quantity what the scores are: "accuracy", "R²"
 * @param columns sites
 * @param rows strategies; each has a cell for every column
 * @param findings what the scores say, nulls included, a sentence each
 * @param differences from what is rerun, and what the scores do not say
 */
public record ScoreTable(
        String title,
        String quantity,
        List<Column> columns,
        List<Row> rows,
        List<String> findings,
        List<String> differences) {

    /**
     * A site.
     *
     * @param patients who are scored
     * @param reference what a constant reaches on them; drawn as a line
     */
    public record Column(String site, int patients, double reference) {}

    /** A strategy. @param key for programs */
    public record Row(String key, String name, List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * One score, or none.
     *
     * @param interval of 95 %, by bootstrap over patients
     * @param auc beside, where there are classes
     */
    public record Cell(OptionalDouble score, Optional<Bootstrap.Interval> interval, OptionalDouble auc) {
        static final Cell NONE = new Cell(OptionalDouble.empty(), Optional.empty(), OptionalDouble.empty());

        static Cell of(double score) {
            return new Cell(OptionalDouble.of(score), Optional.empty(), OptionalDouble.empty());
        }

        static Cell of(double score, Bootstrap.Interval interval) {
            return new Cell(OptionalDouble.of(score), Optional.of(interval), OptionalDouble.empty());
        }
    }

    public ScoreTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        findings = List.copyOf(findings);
        differences = List.copyOf(differences);
        for (Row row : rows) {
            if (row.cells().size() != columns.size()) {
                throw new IllegalArgumentException(
                        "row " + row.name() + " has " + row.cells().size() + " cells for " + columns.size() + " sites");
            }
        }
    }
}
