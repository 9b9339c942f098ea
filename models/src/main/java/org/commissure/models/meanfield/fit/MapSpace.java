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
    /** First deviations of a broad start as shares of the bounds: of a parameter's level, and for one deviation of a map. */
    static final double BROAD_LEVEL = 0.12;

    private static final double BROAD_SLOPE = 0.08;
    /** Slopes of broad starts, before those that leave the bounds are drawn again. */
    private static final double BROAD_SLOPES = 0.2;

    private static final int START_ATTEMPTS = 1_000;

    private final List<CorticalMap> maps;
    private final ParameterBounds bounds;
    private final double[][] design;
    private final double[] means;
    private final double[] deviations;

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
        this.means = maps.stream().mapToDouble(CorticalMap::mean).toArray();
        this.deviations = maps.stream().mapToDouble(CorticalMap::deviation).toArray();
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

    /**
     * Levels are uniform and slopes random, where the published starts are all nearly flat and at the middle of the bounds.
     * Levels and slopes are of standardised maps: an intercept at 0 of a map that is far from 0 would move with its slope.
     */
    @Override
    public Start broadStart(Random random) {
        double[] mean = new double[dimensions()];
        double[][] covariance = new double[dimensions()][dimensions()];
        broad(mean, covariance, 0, bounds.recurrence(), random);
        broad(mean, covariance, width(), bounds.input(), random);
        int coupling = 2 * width();
        mean[coupling] = bounds.coupling().at(random.nextDouble());
        double deviation = bounds.coupling().width() * BROAD_LEVEL;
        covariance[coupling][coupling] = deviation * deviation;
        broad(mean, covariance, coupling + 1, bounds.noise(), random);
        return Start.of(mean, covariance);
    }

    /** The coefficients of one parameter, which begin at {@code at}. */
    private void broad(double[] mean, double[][] covariance, int at, ParameterBounds.Interval interval, Random random) {
        double[] coefficients = new double[width()];
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            // Ever flatter, at last flat: whatever the maps' outliers are, a start is found.
            double steepness = BROAD_SLOPES * (1 - attempt / (START_ATTEMPTS - 1.0));
            coefficients[0] = interval.at(random.nextDouble());
            for (int map = 1; map < width(); map++) {
                coefficients[map] = random.nextGaussian() * steepness * interval.width() / deviations[map - 1];
                coefficients[0] -= coefficients[map] * means[map - 1];
            }
            System.arraycopy(coefficients, 0, mean, at, width());
            if (interval.containsAll(expanded(mean, at))) {
                break;
            }
        }
        // y = level + Σ slope·(map − mean)/deviation: the intercept is level − Σ slope·mean/deviation
        double level = interval.width() * BROAD_LEVEL;
        covariance[at][at] = level * level;
        for (int map = 1; map < width(); map++) {
            double slope = interval.width() * BROAD_SLOPE / deviations[map - 1];
            covariance[at + map][at + map] = slope * slope;
            covariance[at][at + map] = -slope * slope * means[map - 1];
            covariance[at + map][at] = covariance[at][at + map];
            covariance[at][at] += slope * slope * means[map - 1] * means[map - 1];
        }
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
