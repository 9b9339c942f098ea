package org.commissure.models.meanfield.fit;

import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;

/** The same w, I and σ in every region, and G: four numbers in this order: w, I, G, σ. */
public record HomogeneousSpace(int regions, ParameterBounds bounds) implements CandidateSpace {
    private static final int DIMENSIONS = 4;

    @Override
    public int dimensions() {
        return DIMENSIONS;
    }

    @Override
    public RegionalParameters parameters(double[] point) {
        return RegionalParameters.homogeneous(regions, point[0], point[1], point[2], point[3]);
    }

    @Override
    public Start start(Random random) {
        double w = bounds.recurrence().at(random.nextDouble());
        double input = bounds.input().at(random.nextDouble());
        double coupling = bounds.coupling().at(random.nextDouble());
        double noise = bounds.noise().at(random.nextDouble());
        return new Start(
                new double[] {w, input, coupling, noise},
                new double[] {w / 2, input / 2, MapSpace.COUPLING_DEVIATION, MapSpace.NOISE_DEVIATION});
    }

    @Override
    public Start broadStart(Random random) {
        double[] mean = {
            bounds.recurrence().at(random.nextDouble()),
            bounds.input().at(random.nextDouble()),
            bounds.coupling().at(random.nextDouble()),
            bounds.noise().at(random.nextDouble())
        };
        double[] deviations = {
            bounds.recurrence().width() * MapSpace.BROAD_LEVEL,
            bounds.input().width() * MapSpace.BROAD_LEVEL,
            bounds.coupling().width() * MapSpace.BROAD_LEVEL,
            bounds.noise().width() * MapSpace.BROAD_LEVEL
        };
        return new Start(mean, deviations);
    }

    @Override
    public String description() {
        return "homogeneous";
    }

    @Override
    public String fingerprint() {
        return new Fingerprint().add(description()).add(bounds.toString()).hex();
    }
}
