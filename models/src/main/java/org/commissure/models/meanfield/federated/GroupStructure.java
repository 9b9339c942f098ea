package org.commissure.models.meanfield.federated;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.commissure.models.meanfield.Connectome;

/**
 * Sums over the patients that have a structural connectome, of one site or of many, noised or not.
 *
 * @param subjects how many have one; noise may make it fractional
 * @param strengths [pairs]: Σ of {@link SubjectStructure#strengths}
 * @param edges [pairs]: how many have that edge; all 0 where the sums are noised
 */
public record GroupStructure(double subjects, double[] strengths, double[] edges) {
    /** An edge of noised sums is kept where its mean exceeds this many standard deviations of the noise. */
    public static final double NOISE_DEVIATIONS = 2;

    /** Released counts are float32. */
    private static final double COUNT_TOLERANCE = 1e-6;

    public static GroupStructure of(List<SubjectStructure> patients, int pairs) {
        double[] strengths = new double[pairs];
        double[] edges = new double[pairs];
        for (SubjectStructure patient : patients) {
            for (int i = 0; i < pairs; i++) {
                strengths[i] += patient.strengths()[i];
                edges[i] += patient.strengths()[i] > 0 ? 1 : 0;
            }
        }
        return new GroupStructure(patients.size(), strengths, edges);
    }

    /** Reads n, Σstrengths, Σedges from {@code values} at {@code offset}. */
    public static GroupStructure read(double[] values, int offset, int pairs) {
        double[] strengths = new double[pairs];
        double[] edges = new double[pairs];
        System.arraycopy(values, offset + 1, strengths, 0, pairs);
        System.arraycopy(values, offset + 1 + pairs, edges, 0, pairs);
        return new GroupStructure(values[offset], strengths, edges);
    }

    /** Writes what {@link #read} reads. */
    public void write(double[] values, int offset) {
        values[offset] = subjects;
        System.arraycopy(strengths, 0, values, offset + 1, strengths.length);
        System.arraycopy(edges, 0, values, offset + 1 + strengths.length, edges.length);
    }

    /**
     * The mean over patients of the edges that at least {@code consensus} of them have.
     *
     * @param minimum patients that are needed
     * @throws IllegalArgumentException if there are fewer, or what is kept is not connected
     */
    public Connectome consensus(int regions, double consensus, int minimum) {
        return connectome(
                regions,
                minimum,
                (strength, count) -> count / subjects >= consensus - COUNT_TOLERANCE ? strength / subjects : 0);
    }

    /**
     * The mean over patients of the edges that stand out of the noise. Who has an edge is not released
     * under noise, so there is no consensus.
     *
     * @param standardDeviation of the noise of one entry of the sum
     * @throws IllegalArgumentException as {@link #consensus}
     */
    public Connectome aboveNoise(int regions, double standardDeviation, int minimum) {
        return connectome(
                regions,
                minimum,
                (strength, count) -> strength > NOISE_DEVIATIONS * standardDeviation ? strength / subjects : 0);
    }

    private Connectome connectome(int regions, int minimum, DoubleBinaryOperator kept) {
        if (!(subjects >= minimum)) {
            throw new IllegalArgumentException("the sites have structural connectomes of too few patients: " + subjects
                    + ", and the study asks for at least " + minimum);
        }
        double[][] matrix = new double[regions][regions];
        int pair = 0;
        for (int row = 0; row < regions; row++) {
            for (int column = row + 1; column < regions; column++) {
                double value = kept.applyAsDouble(strengths[pair], edges[pair]);
                matrix[row][column] = value;
                matrix[column][row] = value;
                pair++;
            }
        }
        try {
            return Connectome.scaling(matrix);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the connectome of the sites' patients together: " + e.getMessage(), e);
        }
    }
}
