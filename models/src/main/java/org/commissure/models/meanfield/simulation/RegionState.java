package org.commissure.models.meanfield.simulation;

import java.util.Arrays;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;

/** Synaptic gating and haemodynamics of all regions of one candidate, in double precision. Not thread-safe. */
public final class RegionState {
    private final int regions;
    private final double[] connectome;
    private final RegionalParameters parameters;
    private final Haemodynamics haemodynamics;
    private final double stepSeconds;
    private final double[] noiseScale;
    private double[] gating;
    private double[] nextGating;
    private final double[] firingRate;
    private final double[] signal;
    private final double[] flow;
    private final double[] volume;
    private final double[] deoxyhaemoglobin;

    RegionState(Connectome connectome, RegionalParameters parameters, Haemodynamics haemodynamics, double stepSeconds) {
        this.regions = connectome.regions();
        if (parameters.regions() != regions) {
            throw new IllegalArgumentException("a candidate has parameters for " + parameters.regions()
                    + " regions, but the structural connectome has " + regions);
        }
        this.connectome = connectome.toArray();
        this.parameters = parameters;
        this.haemodynamics = haemodynamics;
        this.stepSeconds = stepSeconds;
        this.noiseScale = new double[regions];
        for (int region = 0; region < regions; region++) {
            noiseScale[region] =
                    parameters.noise()[region] / Math.sqrt(MeanField.NOISE_UNIT_SECONDS) * Math.sqrt(stepSeconds);
        }
        this.gating = filled(MeanField.INITIAL_GATING);
        this.nextGating = new double[regions];
        this.firingRate = new double[regions];
        this.signal = new double[regions];
        this.flow = filled(1);
        this.volume = filled(1);
        this.deoxyhaemoglobin = filled(1);
    }

    private double[] filled(double value) {
        double[] array = new double[regions];
        Arrays.fill(array, value);
        return array;
    }

    void step(float[] noise, int noiseAt, boolean withHaemodynamics) {
        for (int region = 0; region < regions; region++) {
            double s = gating[region];
            double current = MeanField.COUPLING * parameters.recurrence()[region] * s
                    + MeanField.COUPLING * parameters.coupling() * coupled(region)
                    + parameters.input()[region];
            double rate = MeanField.firingRate(MeanField.GAIN * current - MeanField.THRESHOLD);
            firingRate[region] = rate;
            double slope = -s / MeanField.DECAY_SECONDS + MeanField.KINETICS * (1 - s) * rate;
            nextGating[region] = s + stepSeconds * slope + noiseScale[region] * noise[noiseAt + region];
        }
        if (withHaemodynamics) {
            haemodynamicStep(haemodynamics.drivenByPreviousState() ? gating : nextGating);
        }
        double[] old = gating;
        gating = nextGating;
        nextGating = old;
    }

    private double coupled(int region) {
        double sum = 0;
        int row = region * regions;
        for (int other = 0; other < regions; other++) {
            sum += connectome[row + other] * gating[other];
        }
        return sum;
    }

    private void haemodynamicStep(double[] drive) {
        for (int region = 0; region < regions; region++) {
            double z = signal[region];
            double f = flow[region];
            double v = volume[region];
            double q = deoxyhaemoglobin[region];
            double outflow = Math.pow(v, 1 / Haemodynamics.GRUBB);
            double extraction = 1 - Math.pow(1 - Haemodynamics.EXTRACTION, 1 / f);
            signal[region] = z
                    + stepSeconds
                            * (drive[region]
                                    - haemodynamics.signalDecay() * z
                                    - haemodynamics.flowElimination() * (f - 1));
            flow[region] = f + stepSeconds * z;
            volume[region] = v + stepSeconds * (f - outflow) / Haemodynamics.TRANSIT_SECONDS;
            deoxyhaemoglobin[region] = q
                    + stepSeconds
                            * (f / Haemodynamics.EXTRACTION * extraction - q / v * outflow)
                            / Haemodynamics.TRANSIT_SECONDS;
        }
    }

    void bold(double[] into, int at) {
        for (int region = 0; region < regions; region++) {
            into[at + region] = Haemodynamics.bold(volume[region], deoxyhaemoglobin[region]);
        }
    }

    /** S, [regions]; a copy. */
    public double[] gating() {
        return gating.clone();
    }

    /** H in hertz, [regions]; a copy. */
    public double[] firingRate() {
        return firingRate.clone();
    }

    /** z, [regions]; a copy. */
    public double[] signal() {
        return signal.clone();
    }

    /** f, [regions]; a copy. */
    public double[] flow() {
        return flow.clone();
    }

    /** v, [regions]; a copy. */
    public double[] volume() {
        return volume.clone();
    }

    /** q, [regions]; a copy. */
    public double[] deoxyhaemoglobin() {
        return deoxyhaemoglobin.clone();
    }
}
