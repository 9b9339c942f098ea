package org.commissure.models.meanfield.federated;

import org.commissure.models.meanfield.statistics.Costs;

/**
 * One patient's cortical map as it enters a sum.
 *
 * @param values [regions]: mean 0, L2 norm 1, so that scanners' units do not matter and one patient weighs like another
 */
public record SubjectMap(double[] values) {

    /**
     * @param map [regions], any unit
     * @param oriented whether the sign means nothing, as that of a principal gradient: it is then turned towards
     *     {@code reference}
     * @param reference [regions], the study's map
     * @throws IllegalArgumentException if it is of another size, not finite or constant; the message holds no value
     */
    public static SubjectMap of(double[] map, boolean oriented, double[] reference) {
        if (map.length != reference.length) {
            throw new IllegalArgumentException(
                    "it has " + map.length + " numbers for " + reference.length + " regions");
        }
        double mean = 0;
        for (double value : map) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("it is not finite");
            }
            mean += value / map.length;
        }
        double square = 0;
        for (double value : map) {
            square += (value - mean) * (value - mean);
        }
        if (!(square > 0) || Double.isInfinite(square)) {
            throw new IllegalArgumentException("it does not vary over regions");
        }
        double sign = oriented && Costs.pearson(map, reference) < 0 ? -1 : 1;
        double[] values = new double[map.length];
        for (int region = 0; region < values.length; region++) {
            values[region] = sign * (map[region] - mean) / Math.sqrt(square);
        }
        return new SubjectMap(values);
    }
}
