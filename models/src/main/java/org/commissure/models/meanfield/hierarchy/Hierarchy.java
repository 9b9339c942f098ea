package org.commissure.models.meanfield.hierarchy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.files.RegionTable;

/**
 * Parameters in the cortical hierarchy.
 *
 * @param networks w, I and σ of each network that has regions, in the networks' order
 * @param comparisons w, I and σ against each map
 */
public record Hierarchy(List<NetworkMean> networks, List<MapComparison> comparisons) {
    public Hierarchy {
        networks = List.copyOf(networks);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * A map to compare with, and rotations of it.
     *
     * @param values [regions]
     * @param spins [spins][regions]
     */
    public record NamedMap(String name, double[] values, Optional<double[][]> spins) {}

    /**
     * @param permutations where a map has too few spins
     * @throws IllegalArgumentException if the table or a map has another number of regions than the parameters, or the
     *     table names no networks
     */
    public static Hierarchy of(
            RegionalParameters parameters, RegionTable table, List<NamedMap> maps, int permutations, long seed) {
        if (table.size() != parameters.regions()) {
            throw new IllegalArgumentException(
                    "the parameters have " + parameters.regions() + " regions, but the table names " + table.size());
        }
        List<NetworkMean> networks = new ArrayList<>();
        List<MapComparison> comparisons = new ArrayList<>();
        byName(parameters).forEach((name, values) -> {
            networks.addAll(means(name, values, table));
            for (NamedMap map : maps) {
                check(map, parameters.regions());
                comparisons.add(
                        MapComparison.of(name, values, map.name(), map.values(), map.spins(), permutations, seed));
            }
        });
        if (networks.isEmpty()) {
            throw new IllegalArgumentException(
                    "the table assigns no region to a network; it needs a column yeo7 with 1 to 7");
        }
        return new Hierarchy(networks, comparisons);
    }

    /** w, I and σ by their names in reports. */
    public static Map<String, double[]> byName(RegionalParameters parameters) {
        Map<String, double[]> byName = new LinkedHashMap<>();
        byName.put("w", parameters.recurrence());
        byName.put("I", parameters.input());
        byName.put("sigma", parameters.noise());
        return byName;
    }

    private static void check(NamedMap map, int regions) {
        if (map.values().length != regions) {
            throw new IllegalArgumentException("the map " + map.name() + " has " + map.values().length
                    + " regions, but the parameters have " + regions);
        }
        map.spins().ifPresent(spins -> {
            for (double[] spin : spins) {
                if (spin.length != regions) {
                    throw new IllegalArgumentException("a spun map of " + map.name() + " has " + spin.length
                            + " regions, but the parameters have " + regions);
                }
            }
        });
    }

    private static List<NetworkMean> means(String name, double[] values, RegionTable table) {
        List<NetworkMean> means = new ArrayList<>();
        for (int network = 1; network <= RegionTable.NETWORKS.size(); network++) {
            int count = 0;
            double mean = 0;
            double squares = 0;
            for (int region = 0; region < values.length; region++) {
                if (table.regions().get(region).network().orElse(0) == network) {
                    count++;
                    double before = values[region] - mean;
                    mean += before / count;
                    squares += before * (values[region] - mean);
                }
            }
            if (count > 0) {
                means.add(new NetworkMean(
                        name,
                        network,
                        RegionTable.NETWORKS.get(network - 1),
                        count,
                        mean,
                        count > 1 ? Math.sqrt(squares / (count - 1)) : 0));
            }
        }
        return means;
    }
}
