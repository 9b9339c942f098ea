package org.commissure.models.meanfield.fit;

import java.util.ArrayList;
import java.util.List;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.tangent.Direction;

/**
 * Parameters as a prior times exponentials, so that each stays on its side of zero: the point 0 is the prior itself. In
 * every region a factor of its own for w and for I, one for G and one for all σ: 2 × regions + 2 numbers in the order w,
 * I, G, σ. Homogeneous: one each for all w and all I, 4 numbers.
 */
public record LogScales(RegionalParameters prior, boolean homogeneous) {
    /** Prior means of Wang et al. 2019. */
    public static LogScales wang2018(int regions, boolean homogeneous) {
        return new LogScales(RegionalParameters.homogeneous(regions, 0.5, 0.3, 1, 0.001), homogeneous);
    }

    public int dimensions() {
        return homogeneous ? 4 : 2 * prior.regions() + 2;
    }

    private int recurrenceAt(int region) {
        return homogeneous ? 0 : region;
    }

    private int inputAt(int region) {
        return homogeneous ? 1 : prior.regions() + region;
    }

    private int couplingAt() {
        return dimensions() - 2;
    }

    private int noiseAt() {
        return dimensions() - 1;
    }

    /** @param logs [dimensions] */
    public RegionalParameters parameters(double[] logs) {
        int regions = prior.regions();
        double[] recurrence = new double[regions];
        double[] input = new double[regions];
        double[] noise = new double[regions];
        for (int region = 0; region < regions; region++) {
            recurrence[region] = prior.recurrence()[region] * Math.exp(logs[recurrenceAt(region)]);
            input[region] = prior.input()[region] * Math.exp(logs[inputAt(region)]);
            noise[region] = prior.noise()[region] * Math.exp(logs[noiseAt()]);
        }
        return new RegionalParameters(recurrence, input, prior.coupling() * Math.exp(logs[couplingAt()]), noise);
    }

    /** How the parameters at a point change with each of the logarithms. */
    List<Direction> directions(RegionalParameters at) {
        int regions = prior.regions();
        List<Direction> directions = new ArrayList<>();
        for (int d = 0; d < dimensions(); d++) {
            double[] recurrence = new double[regions];
            double[] input = new double[regions];
            for (int region = 0; region < regions; region++) {
                recurrence[region] = recurrenceAt(region) == d ? at.recurrence()[region] : 0;
                input[region] = inputAt(region) == d ? at.input()[region] : 0;
            }
            double[] noise = d == noiseAt() ? at.noise() : new double[regions];
            directions.add(new Direction(recurrence, input, d == couplingAt() ? at.coupling() : 0, noise));
        }
        return directions;
    }

    String fingerprint() {
        return new Fingerprint()
                .add(prior.toVector())
                .add(Boolean.toString(homogeneous))
                .hex();
    }
}
