package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.models.meanfield.fit.Chosen;
import org.commissure.models.meanfield.fit.FitData;
import org.commissure.models.meanfield.fit.FitOutcome;
import org.commissure.models.meanfield.picture.ConnectivityPicture;
import org.commissure.models.meanfield.picture.FitCurve;
import org.commissure.models.meanfield.picture.NetworkPicture;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** Files and words about a finished fit. */
final class RegionalFitReport {
    private static final int PICTURED_REPEATS = 3;

    private final Path out;
    private final String name;

    RegionalFitReport(Path out, String name) {
        this.out = out;
        this.name = name;
    }

    /** Both files of parameters, the best on the validation split first. */
    void parameters(FitOutcome outcome, Map<String, String> provenance) throws IOException {
        List<RegionalParameters> candidates = outcome.chosen().stream()
                .map(chosen -> chosen.candidate().parameters())
                .toList();
        ParameterFile.Contents contents = new ParameterFile.Contents(candidates, provenance);
        ParameterFile.write(out.resolve("parameters.json"), contents);
        ParameterFile.write(out.resolve("parameters.csv"), contents);
    }

    void pictures(
            FitOutcome outcome,
            FitData test,
            Haemodynamics haemodynamics,
            Timing timing,
            long seed,
            String unit,
            List<String> curveNames,
            List<List<Double>> curves,
            @Nullable Path regions)
            throws IOException {
        AtomicFile.write(
                out.resolve("curve.svg"),
                FitCurve.svg(name + ", training split", unit, "lowest cost so far", curves, curveNames));
        Chosen best = outcome.chosen().getFirst();
        AtomicFile.write(
                out.resolve("connectivity.svg"),
                ConnectivityPicture.svg(
                        String.format(
                                Locale.ROOT,
                                "%s, test split, r %.3f",
                                name,
                                best.test().fcCorrelation()),
                        test.regions(),
                        test.target().correlation(),
                        simulated(best.candidate().parameters(), test, haemodynamics, timing, seed)));
        if (regions != null) {
            AtomicFile.write(
                    out.resolve("regions.svg"),
                    NetworkPicture.svg(name, best.candidate().parameters(), table(regions, test.regions())));
        }
    }

    /** Read before a long fit, so that a wrong table is not found at its end. */
    static RegionTable table(Path file, int regions) {
        try {
            RegionTable table = RegionTable.read(file);
            if (table.size() != regions) {
                throw new UserError(
                        file + " names " + table.size() + " regions, but the model has " + regions,
                        "give the table of the same parcellation");
            }
            return table;
        } catch (IOException e) {
            throw RegionalModelOptions.unreadable(
                    e, "give a table with the columns region (or name, or index) and yeo7");
        }
    }

    private static double[] simulated(
            RegionalParameters parameters, FitData data, Haemodynamics haemodynamics, Timing timing, long seed) {
        double[] mean = new double[data.target().correlation().length];
        try (ReferenceSimulator simulator = new ReferenceSimulator()) {
            for (int repeat = 0; repeat < PICTURED_REPEATS; repeat++) {
                double[] one = FunctionalConnectivity.of(simulator
                        .simulate(
                                data.connectome(),
                                List.of(parameters),
                                haemodynamics,
                                timing,
                                PhiloxNoise.of(seed, repeat))
                        .getFirst()
                        .after(timing.discardedFrames()));
                for (int pair = 0; pair < mean.length; pair++) {
                    mean[pair] += one[pair] / PICTURED_REPEATS;
                }
            }
        }
        return mean;
    }

    /**
     * @param chosenByDynamics whether the search and the choice looked at the dynamics
     * @param dynamics whether the test could
     */
    static List<Map<String, Object>> facts(FitOutcome outcome, boolean chosenByDynamics, boolean dynamics) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Chosen chosen : outcome.chosen()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("seed", chosen.candidate().seed());
            facts.put("generation", chosen.candidate().generation());
            facts.put("train", facts(chosen.candidate().train(), chosenByDynamics));
            facts.put("validation", facts(chosen.validation(), chosenByDynamics));
            facts.put("test", facts(chosen.test(), dynamics));
            all.add(facts);
        }
        return all;
    }

    private static Map<String, Object> facts(Cost cost, boolean dynamics) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("fcCorrelation", cost.diverged() ? null : cost.fcCorrelation());
        facts.put("ks", cost.diverged() || !dynamics ? null : cost.ks());
        facts.put("total", cost.diverged() ? null : cost.total());
        return facts;
    }

    static void print(PrintWriter print, String name, FitOutcome outcome, boolean dynamics) {
        print.println(name + ", best on the validation split first:");
        print.printf("%6s  %8s  %8s  %8s  %8s  %8s%n", "", "train r", "vali r", "test r", "test KS", "total");
        int rank = 1;
        for (Chosen chosen : outcome.chosen()) {
            print.printf(
                    Locale.ROOT,
                    "%6d  %8.4f  %8.4f  %8.4f  %8s  %8.4f%n",
                    rank++,
                    chosen.candidate().train().fcCorrelation(),
                    chosen.validation().fcCorrelation(),
                    chosen.test().fcCorrelation(),
                    dynamics ? String.format(Locale.ROOT, "%.4f", chosen.test().ks()) : "-",
                    chosen.test().total());
        }
        print.flush();
    }
}
