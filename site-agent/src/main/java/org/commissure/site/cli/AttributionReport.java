package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.models.attribution.AttributionStudy;
import org.commissure.models.attribution.NetworkRollUp;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.evaluation.Bootstrap.Interval;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.models.meanfield.hierarchy.RankCorrelation;
import org.commissure.models.picture.IntervalChart;

/** Maps of parcels and networks with the checks they passed or failed. */
final class AttributionReport {
    /** Above this, shuffled weights give too similar a map: it shows the data or the architecture. */
    private static final double ALIKE = 0.5;

    private final String target;
    private final RegionTable table;
    private final AttributionStudy study;
    private final AttributionStudy.Maps trained;
    private final Map<String, double[]> means = new LinkedHashMap<>();
    private final Map<String, NetworkRollUp> rollUps = new LinkedHashMap<>();
    private final double shuffledCorrelation;
    private final long incomplete;

    /**
     * @param attention {@code [patients][parcels]}, received
     * @param shuffled maps of the model with shuffled weights
     */
    AttributionReport(
            String target,
            RegionTable table,
            AttributionStudy study,
            AttributionStudy.Maps trained,
            double[][] attention,
            AttributionStudy.Maps shuffled) {
        this.target = target;
        this.table = table;
        this.study = study;
        this.trained = trained;
        int[] labels = table.regions().stream()
                .mapToInt(region -> region.network().orElse(0))
                .toArray();
        means.put("integrated_gradients", mean(trained.size()));
        means.put("integrated_gradients_signed", mean(trained.signed()));
        rollUps.put("integratedGradients", NetworkRollUp.relative(trained.size(), labels, study.seed()));
        rollUps.put("integratedGradientsSigned", NetworkRollUp.sums(trained.signed(), labels, study.seed()));
        if (trained.smooth().length > 0) {
            means.put("smoothgrad", mean(trained.smooth()));
            rollUps.put("smoothGrad", NetworkRollUp.relative(trained.smooth(), labels, study.seed()));
        }
        means.put("attention_received", mean(attention));
        rollUps.put("attentionReceived", NetworkRollUp.relative(attention, labels, study.seed()));
        means.put("shuffled_weights", mean(shuffled.size()));
        shuffledCorrelation = RankCorrelation.of(mean(trained.size()), mean(shuffled.size()));
        incomplete = Arrays.stream(trained.errors())
                .filter(error -> error > study.tolerance())
                .count();
    }

    private static double[] mean(double[][] maps) {
        double[] mean = new double[maps[0].length];
        for (double[] map : maps) {
            for (int p = 0; p < mean.length; p++) {
                mean[p] += map[p] / maps.length;
            }
        }
        return mean;
    }

    /** Whether attributions add up in all windows and depend on what was learnt. */
    boolean isSound() {
        return incomplete == 0 && Math.abs(shuffledCorrelation) < ALIKE;
    }

    private double largestError() {
        return Arrays.stream(trained.errors()).max().orElse(0);
    }

    Map<String, Object> facts() {
        Map<String, Object> completeness = new LinkedHashMap<>();
        completeness.put("tolerance", study.tolerance());
        completeness.put("windows", trained.errors().length);
        completeness.put("windowsBeyondTolerance", incomplete);
        completeness.put("largestRelativeError", largestError());
        completeness.put("mostPoints", trained.mostPoints());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("target", target);
        facts.put("patients", trained.size().length);
        facts.put(
                "meanDifference", Arrays.stream(trained.differences()).average().orElse(0));
        facts.put("completeness", completeness);
        facts.put("shuffledWeightsRankCorrelation", shuffledCorrelation);
        facts.put("sound", isSound());
        rollUps.forEach((name, rollUp) -> facts.put(name, networks(rollUp)));
        return facts;
    }

    private static List<Map<String, Object>> networks(NetworkRollUp rollUp) {
        List<Map<String, Object>> networks = new ArrayList<>();
        for (NetworkRollUp.Share share : rollUp.networks()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("network", name(share.network()));
            one.put("parcels", share.parcels());
            one.put("value", share.value());
            networks.add(one);
        }
        return networks;
    }

    private static String name(int network) {
        return network == 0 ? "none" : RegionTable.NETWORKS.get(network - 1);
    }

    /** Each file appears whole. */
    void write(Path folder) throws IOException {
        AtomicFile.write(folder.resolve("attribution.json"), Output.text(facts()) + "\n");
        AtomicFile.write(folder.resolve("parcels.tsv"), parcels());
        AtomicFile.write(folder.resolve("networks.svg"), picture());
    }

    private String parcels() {
        StringBuilder text = new StringBuilder("index\tname\tnetwork\t")
                .append(String.join("\t", means.keySet()))
                .append('\n');
        for (int p = 0; p < table.size(); p++) {
            RegionTable.Region region = table.regions().get(p);
            text.append(p + 1)
                    .append('\t')
                    .append(region.name())
                    .append('\t')
                    .append(name(region.network().orElse(0)));
            for (double[] mean : means.values()) {
                text.append('\t').append(mean[p]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private String picture() {
        List<IntervalChart.Row> rows = new ArrayList<>();
        rollUps.forEach((name, rollUp) -> {
            if (!name.endsWith("Signed")) { // another unit
                for (NetworkRollUp.Share share : rollUp.networks()) {
                    Interval value = share.value();
                    rows.add(new IntervalChart.Row(
                            words(name) + ": " + name(share.network()), value.estimate(), value.low(), value.high()));
                }
            }
        });
        return IntervalChart.svg(
                "What it rests on: " + target, "a network's parcel against the average parcel", rows, 1);
    }

    /** {@code integratedGradients} → {@code integrated gradients}. */
    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    void print(PrintWriter lines) {
        lines.println(target + ": " + trained.size().length + " patients");
        rollUps.forEach((name, rollUp) -> {
            lines.println(words(name) + (name.endsWith("Signed") ? " (sum over parcels)" : " (average parcel is 1)"));
            for (NetworkRollUp.Share share : rollUp.networks()) {
                lines.println(String.format(
                        Locale.ROOT, "  %-18s %s", name(share.network()), IntervalText.of(share.value())));
            }
        });
        lines.println(String.format(
                Locale.ROOT,
                "completeness: %d of %d windows within %.3g, largest error %.3g, at most %d points",
                trained.errors().length - incomplete,
                trained.errors().length,
                study.tolerance(),
                largestError(),
                trained.mostPoints()));
        lines.println(String.format(
                Locale.ROOT,
                "shuffled weights: rank correlation of the maps %.3f (must be below %.1f)",
                shuffledCorrelation,
                ALIKE));
        lines.println(isSound() ? "both checks hold" : "a check FAILS: do not rely on these maps");
    }
}
