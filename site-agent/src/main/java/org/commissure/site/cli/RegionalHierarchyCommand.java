package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.models.meanfield.hierarchy.Hierarchy;
import org.commissure.models.meanfield.hierarchy.MapComparison;
import org.commissure.models.meanfield.hierarchy.NetworkMean;
import org.commissure.models.meanfield.picture.NetworkPicture;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a model's parameters stand in the cortical hierarchy. */
@Command(
        name = "hierarchy",
        mixinStandardHelpOptions = true,
        description = {
            "Means of w, I and sigma over the seven cortical networks, and their rank correlations (Spearman) with cortical"
                    + " maps.",
            "p is two-sided. Give at least 19 spun versions of a map with --spins (a column each) for a null model that"
                    + " keeps the map's smoothness; else regions are permuted freely, which makes p too small for smooth"
                    + " maps. The output says which."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:compared", "2:usage", "3:a file cannot be used"},
        footer = {
            "",
            "Example:",
            "  commissure site regional hierarchy --params pmfm/parameters.json --regions atlas.tsv \\ \\",
            "      --map gradient=rsfc_gradient.csv --map myelin=myelin.csv --svg networks.svg"
        })
final class RegionalHierarchyCommand implements Callable<Integer> {
    @Option(names = "--params", required = true, paramLabel = "FILE", description = "parameters")
    private Path parameters = Path.of("");

    @Option(
            names = "--candidate",
            paramLabel = "N",
            description = "which of the file's candidates, from 1 (default: ${DEFAULT-VALUE})")
    private int candidate = 1;

    @Option(
            names = "--regions",
            required = true,
            paramLabel = "FILE",
            description = "table of the regions in the parameters' order, with a column yeo7")
    private Path regions = Path.of("");

    @Option(
            names = "--map",
            paramLabel = "NAME=FILE",
            description = "a cortical map, one number for each region; repeat for more")
    private Map<String, Path> maps = new LinkedHashMap<>();

    @Option(names = "--spins", paramLabel = "NAME=FILE", description = "spun versions of the map NAME, regions × spins")
    private Map<String, Path> spins = new LinkedHashMap<>();

    @Option(
            names = "--permutations",
            paramLabel = "N",
            description = "where a map has too few spins (default: ${DEFAULT-VALUE})")
    private int permutations = 10_000;

    @Option(names = "--seed", paramLabel = "S", description = "of the permutations (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--svg", paramLabel = "FILE", description = "draw the parameters by network")
    private @Nullable Path svg;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() throws IOException {
        if (permutations < 1) {
            throw new UserError("--permutations is " + permutations, "give at least one");
        }
        for (String name : spins.keySet()) {
            if (!maps.containsKey(name)) {
                throw new UserError("--spins names the map " + name + ", but no --map does", "give both");
            }
        }
        RegionalParameters chosen = chosen();
        RegionTable table = RegionalFitReport.table(regions, chosen.regions());
        Hierarchy hierarchy;
        try {
            hierarchy = Hierarchy.of(chosen, table, namedMaps(), permutations, seed);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "give files of one parcellation", e);
        }
        if (svg != null) {
            AtomicFile.write(svg, NetworkPicture.svg("Parameters by network", chosen, table));
        }
        output.print(facts(hierarchy), print -> print(hierarchy, print));
        return 0;
    }

    private RegionalParameters chosen() {
        List<RegionalParameters> candidates;
        try {
            candidates = ParameterFile.read(parameters).candidates();
        } catch (IOException e) {
            throw RegionalModelOptions.unreadable(e, "give a file that a fit has written after --params");
        }
        if (candidate < 1 || candidate > candidates.size()) {
            throw new UserError(
                    "--candidate is " + candidate + ", but " + parameters + " has " + candidates.size(),
                    "count from 1");
        }
        return candidates.get(candidate - 1);
    }

    private List<Hierarchy.NamedMap> namedMaps() {
        List<Hierarchy.NamedMap> named = new ArrayList<>();
        maps.forEach((name, file) -> {
            try {
                Path spun = spins.get(name);
                Optional<double[][]> columns =
                        spun == null ? Optional.empty() : Optional.of(transposed(MatrixFile.read(spun)));
                named.add(new Hierarchy.NamedMap(name, MatrixFile.readVector(file), columns));
            } catch (IOException e) {
                throw RegionalModelOptions.unreadable(e, "give one number for each region, and spins as columns");
            }
        });
        return named;
    }

    private static double[][] transposed(double[][] matrix) {
        double[][] transposed = new double[matrix[0].length][matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < transposed.length; column++) {
                transposed[column][row] = matrix[row][column];
            }
        }
        return transposed;
    }

    private Map<String, Object> facts(Hierarchy hierarchy) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("candidate", candidate);
        facts.put("seed", seed);
        facts.put("networks", hierarchy.networks());
        List<Map<String, Object>> comparisons = new ArrayList<>();
        for (MapComparison one : hierarchy.comparisons()) {
            Map<String, Object> comparison = new LinkedHashMap<>();
            comparison.put("parameter", one.parameter());
            comparison.put("map", one.map());
            comparison.put("rho", Double.isNaN(one.rho()) ? null : one.rho());
            comparison.put("p", Double.isNaN(one.p()) ? null : one.p());
            comparison.put("nullModel", one.nullModel().name().toLowerCase(Locale.ROOT));
            comparison.put("nulls", one.nulls());
            comparisons.add(comparison);
        }
        facts.put("comparisons", comparisons);
        return facts;
    }

    private static void print(Hierarchy hierarchy, PrintWriter print) {
        print.printf("%-9s  %-18s  %7s  %10s  %10s%n", "parameter", "network", "regions", "mean", "sd");
        for (NetworkMean mean : hierarchy.networks()) {
            print.printf(
                    Locale.ROOT,
                    "%-9s  %-18s  %7d  %10.5f  %10.5f%n",
                    mean.parameter(),
                    mean.name(),
                    mean.regions(),
                    mean.mean(),
                    mean.deviation());
        }
        if (!hierarchy.comparisons().isEmpty()) {
            print.printf("%n%-9s  %-18s  %7s  %10s  %s%n", "parameter", "map", "rho", "p", "null model");
        }
        for (MapComparison one : hierarchy.comparisons()) {
            boolean constant = Double.isNaN(one.rho());
            print.printf(
                    Locale.ROOT,
                    "%-9s  %-18s  %7s  %10s  %s%n",
                    one.parameter(),
                    one.map(),
                    constant ? "-" : String.format(Locale.ROOT, "%.3f", one.rho()),
                    constant ? "-" : String.format(Locale.ROOT, "%.4f", one.p()),
                    one.nulls() + " " + one.nullModel().name().toLowerCase(Locale.ROOT));
        }
    }
}
