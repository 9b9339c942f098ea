package org.commissure.site.science;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.multisite.ClassificationDesign;
import org.commissure.models.multisite.ConnectivitySite;
import org.commissure.models.multisite.Strategy;
import org.commissure.models.multisite.StrategyScores;

/** Makes the table of a run in the design of Li et al. (2020). */
public final class PaperTable {
    private static final List<String> SITES_OF_THE_PAPER = List.of("NYU", "UM", "USM", "UCLA");

    private final ConnectivityCohort cohort;
    private final Map<Strategy, List<StrategyScores>> scores;
    private final Setting setting;
    private final Map<Strategy, List<ScoreTable.Cell>> cells = new LinkedHashMap<>();
    private final List<String> findings = new ArrayList<>();

    /** How windows were cut, and what was trained on them. */
    public record Setting(String target, int windowFrames, int stride, ClassificationDesign design) {}

    private PaperTable(ConnectivityCohort cohort, Map<Strategy, List<StrategyScores>> scores, Setting setting) {
        this.cohort = cohort;
        this.scores = scores;
        this.setting = setting;
        scores.forEach((strategy, bySite) ->
                cells.put(strategy, bySite.stream().map(this::cell).toList()));
    }

    /** @param scores by site, in the cohort's order */
    public static ScoreTable of(
            ConnectivityCohort cohort, Map<Strategy, List<StrategyScores>> scores, Setting setting) {
        return new PaperTable(cohort, scores, setting).table();
    }

    private ScoreTable table() {
        List<ConnectivitySite> sites = cohort.sites();
        List<ScoreTable.Column> columns = sites.stream()
                .map(site -> new ScoreTable.Column(site.name(), site.patients().size(), site.majorityShare()))
                .toList();
        List<ScoreTable.Row> rows = new ArrayList<>();
        cells.forEach((strategy, ofSites) -> rows.add(new ScoreTable.Row(key(strategy), name(strategy), ofSites)));
        rows.add(new ScoreTable.Row(
                "majority",
                "majority",
                columns.stream()
                        .map(column -> ScoreTable.Cell.of(column.reference()))
                        .toList()));
        published(rows);
        nulls(columns);
        comparison(Strategy.Kind.FEDERATED, Strategy.Kind.SINGLE);
        comparison(Strategy.Kind.FEDERATED, Strategy.Kind.MIX);
        comparison(Strategy.Kind.FEDERATED, Strategy.Kind.RIDGE_MIX);
        return new ScoreTable(
                "The design of " + Li2020.CITATION + ", rerun: " + String.join(" or ", cohort.classes())
                        + " from functional connectivity",
                "accuracy",
                columns,
                rows,
                findings,
                Li2020.differences(setting, parcels(), missing(), others()));
    }

    private ScoreTable.Cell cell(StrategyScores own) {
        if (own.predictions().isEmpty()) {
            return ScoreTable.Cell.NONE;
        }
        return new ScoreTable.Cell(
                OptionalDouble.of(own.accuracy()),
                Optional.of(own.accuracyInterval(setting.design().seed())),
                OptionalDouble.of(own.auc()));
    }

    private void published(List<ScoreTable.Row> rows) {
        boolean theirs = setting.target().equals("diagnosis")
                && cohort.sites().stream()
                        .anyMatch(site -> Li2020.of(site.name()).isPresent());
        if (!theirs) {
            findings.add("The published accuracies are of autism and controls at NYU, UM, USM and UCLA; none of them"
                    + " stands beside this table.");
            return;
        }
        published(rows, "single", Li2020.Published::single);
        published(rows, "federated", Li2020.Published::federated);
        published(rows, "mix", Li2020.Published::mix);
        published(rows, "majority", Li2020.Published::majority);
    }

    private void published(List<ScoreTable.Row> rows, String name, ToDoubleFunction<Li2020.Published> accuracy) {
        rows.add(new ScoreTable.Row(
                "published-" + name,
                "published: " + name,
                cohort.sites().stream()
                        .map(site -> Li2020.of(site.name())
                                .map(paper -> ScoreTable.Cell.of(accuracy.applyAsDouble(paper)))
                                .orElse(ScoreTable.Cell.NONE))
                        .toList()));
    }

    /** Which intervals do not exclude what a constant reaches. */
    private void nulls(List<ScoreTable.Column> columns) {
        List<String> better = new ArrayList<>();
        cells.forEach((strategy, ofSites) -> {
            List<String> at = new ArrayList<>();
            for (int s = 0; s < columns.size(); s++) {
                ScoreTable.Column column = columns.get(s);
                ofSites.get(s)
                        .interval()
                        .filter(interval -> interval.low() <= column.reference())
                        .ifPresent(interval -> at.add(column.site()));
            }
            if (at.isEmpty()) {
                better.add(name(strategy));
            } else {
                findings.add("Null: " + name(strategy)
                        + " is not shown to be better than always naming the larger class at " + ScoreText.list(at)
                        + ".");
            }
        });
        if (!better.isEmpty()) {
            findings.add(
                    "Better than the larger class at every site it was scored at: " + ScoreText.list(better) + ".");
        }
    }

    private void comparison(Strategy.Kind one, Strategy.Kind other) {
        List<StrategyScores> first = scores.get(new Strategy(one, ""));
        List<StrategyScores> second = scores.get(new Strategy(other, ""));
        if (first == null || second == null) {
            return;
        }
        List<String> parts = new ArrayList<>();
        for (int s = 0; s < cohort.sites().size(); s++) {
            double difference = first.get(s).accuracy() - second.get(s).accuracy();
            Bootstrap.Interval interval = first.get(s)
                    .differenceInterval(second.get(s), setting.design().seed());
            parts.add(String.format(
                    Locale.ROOT,
                    "%s %s [%s, %s]%s",
                    cohort.sites().get(s).name(),
                    ScoreText.number(difference),
                    ScoreText.number(interval.low()),
                    ScoreText.number(interval.high()),
                    interval.covers(0) ? ", no difference shown" : ""));
        }
        findings.add("Accuracy of " + name(new Strategy(one, "")) + " minus " + name(new Strategy(other, ""))
                + ", same patients: " + String.join("; ", parts) + ".");
    }

    private static String key(Strategy strategy) {
        String kind = strategy.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return strategy.trainingSite().isEmpty() ? kind : kind + "-" + strategy.trainingSite();
    }

    private String name(Strategy strategy) {
        return switch (strategy.kind()) {
            case SINGLE -> "single";
            case CROSS -> "cross, from " + strategy.trainingSite();
            case FEDERATED -> "federated";
            case FEDERATED_WITH_NOISE -> "federated, noise " + setting.design().noise();
            case MIX -> "mix";
            case RIDGE_SINGLE -> "FC ridge, single";
            case RIDGE_MIX -> "FC ridge, mix";
        };
    }

    /** p of p(p − 1)/2 pairs. */
    private int parcels() {
        int pairs = cohort.sites().getFirst().patients().getFirst().scan().length;
        return (int) Math.round((1 + Math.sqrt(1 + 8.0 * pairs)) / 2);
    }

    private List<String> missing() {
        List<String> present = cohort.sites().stream()
                .flatMap(site -> Li2020.of(site.name()).stream())
                .map(Li2020.Published::site)
                .toList();
        return SITES_OF_THE_PAPER.stream()
                .filter(site -> !present.contains(site))
                .toList();
    }

    private List<String> others() {
        return cohort.sites().stream()
                .map(ConnectivitySite::name)
                .filter(name -> Li2020.of(name).isEmpty())
                .toList();
    }
}
