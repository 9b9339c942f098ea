package org.commissure.site.science;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.evaluation.ReconstructionSums;
import org.commissure.models.multisite.MultiSiteReconstruction;
import org.commissure.models.multisite.PatientSums;
import org.commissure.models.multisite.ReconstructionSite;

/** Makes the table of masked reconstruction by site. */
public final class ReconstructionTable {
    private static final ToDoubleFunction<ReconstructionSums> MODEL = ReconstructionSums::errorModel;
    private static final ToDoubleFunction<ReconstructionSums> PARCEL_MEAN = ReconstructionSums::errorParcelMean;
    private static final ToDoubleFunction<ReconstructionSums> INTERPOLATION = ReconstructionSums::errorInterpolation;

    private final List<ReconstructionSite> sites;
    private final Map<String, List<PatientSums>> scores;
    private final long seed;
    private final List<String> findings = new ArrayList<>();

    private ReconstructionTable(List<ReconstructionSite> sites, Map<String, List<PatientSums>> scores, long seed) {
        this.sites = sites;
        this.scores = scores;
        this.seed = seed;
    }

    /**
     * @param scores of {@link MultiSiteReconstruction#run}
     * @param preset of the model
     * @param seed of the intervals
     * @param differences what the scores do not say
     */
    public static ScoreTable of(
            List<ReconstructionSite> sites,
            Map<String, List<PatientSums>> scores,
            String preset,
            long seed,
            List<String> differences) {
        return new ReconstructionTable(sites, scores, seed).table(preset, differences);
    }

    private ScoreTable table(String preset, List<String> differences) {
        List<PatientSums> untrained = of(MultiSiteReconstruction.UNTRAINED);
        List<PatientSums> single = IntStream.range(0, sites.size())
                .mapToObj(s -> of(MultiSiteReconstruction.single(sites.get(s))).get(s))
                .toList();
        List<ScoreTable.Row> rows = new ArrayList<>();
        rows.add(row("single", "single (each its own)", single, MODEL));
        rows.add(row("federated", "federated", of(MultiSiteReconstruction.FEDERATED), MODEL));
        rows.add(row("pooled", "pooled", of(MultiSiteReconstruction.POOLED), MODEL));
        if (sites.size() > 1) {
            for (ReconstructionSite site : sites) {
                String name = MultiSiteReconstruction.single(site);
                rows.add(row("single-" + site.name(), name, of(name), MODEL));
            }
        }
        rows.add(row("untrained", "untrained", untrained, MODEL));
        rows.add(row("parcel-mean", "parcel's visible mean", untrained, PARCEL_MEAN));
        rows.add(row("interpolation", "linear interpolation", untrained, INTERPOLATION));

        List<PatientSums> federated = of(MultiSiteReconstruction.FEDERATED);
        List<PatientSums> pooled = of(MultiSiteReconstruction.POOLED);
        compare("single minus the parcel's mean", single, MODEL, untrained, PARCEL_MEAN);
        compare("federated minus the parcel's mean", federated, MODEL, untrained, PARCEL_MEAN);
        compare("pooled minus the parcel's mean", pooled, MODEL, untrained, PARCEL_MEAN);
        compare("federated minus single", federated, MODEL, single, MODEL);
        compare("federated minus pooled", federated, MODEL, pooled, MODEL);
        return new ScoreTable(
                "Masked reconstruction by " + preset + ": single, federated, pooled",
                "R²",
                columns(),
                rows,
                findings,
                differences);
    }

    private List<ScoreTable.Column> columns() {
        List<ScoreTable.Column> columns = new ArrayList<>();
        for (ReconstructionSite site : sites) {
            columns.add(new ScoreTable.Column(site.name(), site.external().size(), 0)); // R² of a constant
        }
        return columns;
    }

    private List<PatientSums> of(String model) {
        return scores.getOrDefault(model, List.of());
    }

    private ScoreTable.Row row(
            String key, String name, List<PatientSums> bySite, ToDoubleFunction<ReconstructionSums> error) {
        return new ScoreTable.Row(
                key,
                name,
                bySite.stream()
                        .map(site -> ScoreTable.Cell.of(site.r2(error), site.r2Interval(error, seed)))
                        .toList());
    }

    private void compare(
            String what,
            List<PatientSums> one,
            ToDoubleFunction<ReconstructionSums> error,
            List<PatientSums> other,
            ToDoubleFunction<ReconstructionSums> othersError) {
        List<String> parts = new ArrayList<>();
        for (int s = 0; s < sites.size(); s++) {
            double difference = one.get(s).r2(error) - other.get(s).r2(othersError);
            Bootstrap.Interval interval = one.get(s).differenceInterval(error, other.get(s), othersError, seed);
            parts.add(String.format(
                    Locale.ROOT,
                    "%s %s [%s, %s]%s",
                    sites.get(s).name(),
                    ScoreText.number(difference),
                    ScoreText.number(interval.low()),
                    ScoreText.number(interval.high()),
                    interval.covers(0) ? ", no difference shown" : ""));
        }
        findings.add("R² of " + what + ", same patients: " + String.join("; ", parts) + ".");
    }
}
