package org.commissure.models.meanfield.fit;

import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;

/**
 * The parametric model of Kong et al. 2021: w, I and σ are each an intercept plus a weighted sum of cortical maps, and
 * G is free. With k maps the point is w's k + 1 coefficients, I's, G, σ's: ten numbers for myelin and gradient.
 */
public final class MapSpace implements CandidateSpace {
    /** First deviations of the published code, for G and for σ's coefficients. */
    static final double COUPLING_DEVIATION = 0.4;

    static final double NOISE_DEVIATION = 5e-4;
    private static final int START_ATTEMPTS = 1_000;

    private final List<CorticalMap> maps;
    private final ParameterBounds bounds;
    private final double[][] design;

    /** @throws IllegalArgumentException if there is no map, or maps differ in regions, are not finite, or collinear */
    public MapSpace(List<CorticalMap> maps, ParameterBounds bounds) {
        if (maps.isEmpty()) {
            throw new IllegalArgumentException("a parametric fit needs at least one cortical map");
        }
        this.maps = List.copyOf(maps);
        this.bounds = bounds;
        this.design = new double[maps.getFirst().values().length][maps.size() + 1];
        for (int region = 0; region < design.length; region++) {
            design[region][0] = 1;
            for (int map = 0; map < maps.size(); map++) {
                if (maps.get(map).values().length != design.length) {
                    throw new IllegalArgumentException(
                            "the map " + maps.get(map).name() + " has "
                                    + maps.get(map).values().length + " regions, but "
                                    + maps.getFirst().name() + " has " + design.length);
                }
                design[region][map + 1] = maps.get(map).values()[region];
            }
        }
        coefficients(new double[design.length]); // collinear maps are refused here
    }

    @Override
    public int dimensions() {
        return 3 * width() + 1;
    }

    private int width() {
        return maps.size() + 1;
    }

    @Override
    public int regions() {
        return design.length;
    }

    @Override
    public ParameterBounds bounds() {
        return bounds;
    }

    @Override
    public RegionalParameters parameters(double[] point) {
        return new RegionalParameters(
                expanded(point, 0), expanded(point, width()), point[2 * width()], expanded(point, 2 * width() + 1));
    }

    private double[] expanded(double[] point, int at) {
        double[] values = new double[design.length];
        for (int region = 0; region < values.length; region++) {
            for (int column = 0; column < width(); column++) {
                values[region] += design[region][column] * point[at + column];
            }
        }
        return values;
    }

    /** The published start: random values in every region, projected onto the maps. */
    @Override
    public Start start(Random random) {
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            double[] w = coefficients(uniform(bounds.recurrence(), random));
            double[] input = coefficients(uniform(bounds.input(), random));
            double coupling = bounds.coupling().at(random.nextDouble());
            double[] noise = coefficients(uniform(bounds.noise(), random));
            double[] mean = new double[dimensions()];
            double[] deviations = new double[dimensions()];
            for (int i = 0; i < width(); i++) {
                mean[i] = w[i];
                mean[width() + i] = input[i];
                mean[2 * width() + 1 + i] = noise[i];
                deviations[i] = Math.abs(w[0]) / 2;
                deviations[width() + i] = Math.abs(input[0]) / 2;
                deviations[2 * width() + 1 + i] = NOISE_DEVIATION;
            }
            mean[2 * width()] = coupling;
            deviations[2 * width()] = COUPLING_DEVIATION;
            if (contains(mean)) {
                return new Start(mean, deviations);
            }
        }
        throw new IllegalArgumentException(
                "no start inside the bounds was found in " + START_ATTEMPTS + " attempts; check the maps for outliers");
    }

    private double[] uniform(ParameterBounds.Interval interval, Random random) {
        double[] values = new double[design.length];
        for (int region = 0; region < values.length; region++) {
            values[region] = interval.at(random.nextDouble());
        }
        return values;
    }

    /** Least squares of regional values on the maps. */
    private double[] coefficients(double[] values) {
        double[][] normal = new double[width()][width()];
        double[] right = new double[width()];
        for (int region = 0; region < design.length; region++) {
            for (int row = 0; row < width(); row++) {
                right[row] += design[region][row] * values[region];
                for (int column = 0; column < width(); column++) {
                    normal[row][column] += design[region][row] * design[region][column];
                }
            }
        }
        try {
            return LinearSystem.solve(normal, right);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "the cortical maps " + names() + " are constant or say the same; leave one out", e);
        }
    }

    private String names() {
        return String.join(", ", maps.stream().map(CorticalMap::name).toList());
    }

    @Override
    public String description() {
        return "linear in " + names();
    }

    @Override
    public String fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(description()).add(bounds.toString());
        maps.forEach(map -> fingerprint.add(map.values()));
        return fingerprint.hex();
    }
}
