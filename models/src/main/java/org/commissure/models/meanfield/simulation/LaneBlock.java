package org.commissure.models.meanfield.simulation;

import java.util.Arrays;
import java.util.List;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;

/**
 * Parameters and state of as many candidates as a kernel advances at once, side by side: element {@code region·lanes +
 * lane}. Lanes without a candidate repeat the last one. One thread's.
 */
final class LaneBlock {
    /** Arrays of {@link #parameters}, each [lanes], of one region. */
    static final int PARAMETERS = 3;

    /** Arrays of {@link #haemodynamics}, each [lanes], of one region: z, f, v, q. */
    static final int STATES = 4;

    final int regions;
    final int lanes;

    /** Rows of the connectome, [regions + 1], into {@link #columns} and {@link #weights}: most entries are 0. */
    final int[] rows;

    /** Where the other region's lanes begin in the gating array. */
    final int[] columns;

    final float[] weights;

    /** a·J·w, a·I − b and σ's share of a step, [regions, 3, lanes]. */
    final float[] parameters;

    /** a·J·G, [lanes]. */
    final float[] coupling;

    /** z, f, v, q, [regions, 4, lanes]. */
    final float[] haemodynamics;

    /** A kernel's own within a step, [regions, lanes]. */
    final float[] scratch;

    /** Bits of the extreme volumes so far, [lanes]. */
    final int[] lowestVolume;

    final int[] highestVolume;

    /** dt·γ_s. */
    final float kinetics;

    /** 1 − dt/τ_s. */
    final float remaining;

    final float stepSeconds;

    /** dt/τ. */
    final float transit;

    final float signalDecay;
    final float flowElimination;

    /** 1/ρ. */
    final float inverseExtraction;

    /** log₂(1 − ρ). */
    final float extractionExponent;

    LaneBlock(
            Connectome connectome,
            List<RegionalParameters> candidates,
            int lanes,
            Haemodynamics preset,
            double stepSeconds) {
        this.regions = connectome.regions();
        this.lanes = lanes;
        double[] dense = connectome.toArray();
        int entries = (int) Arrays.stream(dense).filter(weight -> weight != 0).count();
        rows = new int[regions + 1];
        columns = new int[entries];
        weights = new float[entries];
        int next = 0;
        for (int region = 0; region < regions; region++) {
            for (int other = 0; other < regions; other++) {
                double weight = dense[region * regions + other];
                if (weight != 0) {
                    columns[next] = other * lanes;
                    weights[next++] = (float) weight;
                }
            }
            rows[region + 1] = next;
        }
        parameters = new float[regions * PARAMETERS * lanes];
        coupling = new float[lanes];
        double noiseUnit = Math.sqrt(stepSeconds) / Math.sqrt(MeanField.NOISE_UNIT_SECONDS);
        for (int lane = 0; lane < lanes; lane++) {
            fill(candidates.get(Math.min(lane, candidates.size() - 1)), lane, noiseUnit);
        }
        haemodynamics = new float[regions * STATES * lanes];
        for (int region = 0; region < regions; region++) {
            int at = region * STATES * lanes;
            Arrays.fill(haemodynamics, at + lanes, at + STATES * lanes, 1f);
        }
        scratch = new float[regions * lanes];
        lowestVolume = new int[lanes];
        highestVolume = new int[lanes];
        Arrays.fill(lowestVolume, FastMath.ONE_BITS);
        Arrays.fill(highestVolume, FastMath.ONE_BITS);
        this.kinetics = (float) (stepSeconds * MeanField.KINETICS);
        this.remaining = (float) (1 - stepSeconds / MeanField.DECAY_SECONDS);
        this.stepSeconds = (float) stepSeconds;
        this.transit = (float) (stepSeconds / Haemodynamics.TRANSIT_SECONDS);
        this.signalDecay = (float) preset.signalDecay();
        this.flowElimination = (float) preset.flowElimination();
        this.inverseExtraction = (float) (1 / Haemodynamics.EXTRACTION);
        this.extractionExponent = (float) (Math.log(1 - Haemodynamics.EXTRACTION) / Math.log(2));
    }

    private void fill(RegionalParameters candidate, int lane, double noiseUnit) {
        for (int region = 0; region < regions; region++) {
            int at = region * PARAMETERS * lanes + lane;
            parameters[at] =
                    (float) (MeanField.GAIN * MeanField.COUPLING * candidate.recurrence()[region]);
            parameters[at + lanes] = (float) (MeanField.GAIN * candidate.input()[region] - MeanField.THRESHOLD);
            parameters[at + 2 * lanes] = (float) (candidate.noise()[region] * noiseUnit);
        }
        coupling[lane] = (float) (MeanField.GAIN * MeanField.COUPLING * candidate.coupling());
    }

    /** S at the beginning, [regions, lanes]. */
    float[] initialGating() {
        float[] gating = new float[regions * lanes];
        Arrays.fill(gating, (float) MeanField.INITIAL_GATING);
        return gating;
    }

    /** BOLD of all regions of a lane. */
    void bold(int lane, double[] into, int at) {
        for (int region = 0; region < regions; region++) {
            int state = region * STATES * lanes + lane;
            into[at + region] = Haemodynamics.bold(haemodynamics[state + 2 * lanes], haemodynamics[state + 3 * lanes]);
        }
    }

    /** Whether a lane's volumes left the range where the polynomials hold. */
    boolean left(int lane) {
        return lowestVolume[lane] < FastMath.LOWEST_VOLUME_BITS || highestVolume[lane] > FastMath.HIGHEST_VOLUME_BITS;
    }
}
