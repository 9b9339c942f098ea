package org.commissure.site.cohort;

import java.util.Random;

/**
 * What all synthetic hospitals have in common: where the parcels lie and how strongly each belongs to
 * each of a few networks. A network has a centre in each hemisphere; a parcel's loading falls off with
 * its distance from the nearer of the two, so neighbouring parcels behave alike.
 */
final class SyntheticBrain {
    static final int NETWORKS = 7;

    /** Reach of a network in millimetres (standard deviation of its Gaussian fall-off). */
    private static final double REACH_MILLIMETRES = 22;

    final ParcelAtlas atlas;
    /** [parcels][networks], each row of length 1. */
    final double[][] loadings;
    /** Seconds after which a network's activity has forgotten most of itself. */
    final double[] timeConstantSeconds = new double[NETWORKS];

    SyntheticBrain(int parcels, long seed) {
        this.atlas = ParcelAtlas.ellipsoid(parcels);
        this.loadings = new double[parcels][NETWORKS];
        Random random = new Random(seed);
        double[][] centres = new double[NETWORKS][];
        for (int network = 0; network < NETWORKS; network++) {
            centres[network] = atlas.coordinatesMillimetres()[random.nextInt(parcels)];
            timeConstantSeconds[network] = 4 + 8 * random.nextDouble();
        }
        for (int parcel = 0; parcel < parcels; parcel++) {
            double squares = 0;
            for (int network = 0; network < NETWORKS; network++) {
                double distance = distanceToNetwork(atlas.coordinatesMillimetres()[parcel], centres[network]);
                double near = distance / REACH_MILLIMETRES;
                loadings[parcel][network] = 0.05 + StrictMath.exp(-near * near / 2);
                squares += loadings[parcel][network] * loadings[parcel][network];
            }
            for (int network = 0; network < NETWORKS; network++) {
                loadings[parcel][network] /= StrictMath.sqrt(squares);
            }
        }
    }

    private static double distanceToNetwork(double[] parcel, double[] centre) {
        double otherX = Math.min(Math.abs(parcel[0] - centre[0]), Math.abs(parcel[0] + centre[0]));
        double y = parcel[1] - centre[1];
        double z = parcel[2] - centre[2];
        return StrictMath.sqrt(otherX * otherX + y * y + z * z);
    }
}
