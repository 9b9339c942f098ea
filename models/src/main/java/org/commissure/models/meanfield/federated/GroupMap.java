package org.commissure.models.meanfield.federated;

import java.util.List;
import org.commissure.models.meanfield.fit.CorticalMap;

/**
 * The sum over the patients that have a cortical map, of one site or of many, noised or not.
 *
 * @param subjects how many have one; noise may make it fractional
 * @param sum [regions]: Σ of {@link SubjectMap#values}
 */
public record GroupMap(double subjects, double[] sum) {

    public static GroupMap of(List<SubjectMap> patients, int regions) {
        double[] sum = new double[regions];
        for (SubjectMap patient : patients) {
            for (int region = 0; region < regions; region++) {
                sum[region] += patient.values()[region];
            }
        }
        return new GroupMap(patients.size(), sum);
    }

    /** Reads n, Σ from {@code values} at {@code offset}. */
    public static GroupMap read(double[] values, int offset, int regions) {
        double[] sum = new double[regions];
        System.arraycopy(values, offset + 1, sum, 0, regions);
        return new GroupMap(values[offset], sum);
    }

    /** Writes what {@link #read} reads. */
    public void write(double[] values, int offset) {
        values[offset] = subjects;
        System.arraycopy(sum, 0, values, offset + 1, sum.length);
    }

    /**
     * The mean over patients.
     *
     * @param minimum patients that are needed
     * @throws IllegalArgumentException if there are fewer
     */
    public CorticalMap mean(String name, int minimum) {
        if (!(subjects >= minimum)) {
            throw new IllegalArgumentException("the sites have a map of " + name + " of too few patients: " + subjects
                    + ", and the study asks for at least " + minimum);
        }
        double[] mean = new double[sum.length];
        for (int region = 0; region < mean.length; region++) {
            mean[region] = sum[region] / subjects;
        }
        return new CorticalMap(name, mean);
    }
}
