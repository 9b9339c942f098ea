package org.commissure.models.meanfield.tangent;

import java.util.Arrays;
import java.util.List;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.simulation.MeanField;

/**
 * State of all regions in double precision and its derivatives along some directions in single precision, which is far
 * more than a damped Gauss–Newton step needs. Rows are arrays of their own and every inner loop runs over one index, a
 * shape that the just-in-time compiler turns into vector instructions. Not thread-safe.
 */
final class TangentState {
    private static final double LOG_UNEXTRACTED = Math.log(1 - Haemodynamics.EXTRACTION);
    private static final double OUTFLOW_EXPONENT = 1 / Haemodynamics.GRUBB;

    private final int regions;
    private final int lanes;
    private final RegionalParameters parameters;
    private final Haemodynamics haemodynamics;
    private final double dt;
    private final int[][] neighbours;
    private final double[][] weights;
    private final double[] noiseScale;
    private final RegionSeeds[] seeds;

    private double[] s;
    private double[] nextS;
    private final double[] z;
    private final double[] f;
    private final double[] v;
    private final double[] q;
    private float[][] ds;
    private float[][] nextDs;
    private final float[][] dz;
    private final float[][] df;
    private final float[][] dv;
    private final float[][] dq;

    TangentState(
            Connectome connectome,
            RegionalParameters parameters,
            List<Direction> directions,
            Haemodynamics haemodynamics,
            double stepSeconds) {
        this.regions = connectome.regions();
        this.lanes = directions.size();
        this.parameters = parameters;
        this.haemodynamics = haemodynamics;
        this.dt = stepSeconds;
        this.neighbours = new int[regions][];
        this.weights = new double[regions][];
        this.noiseScale = new double[regions];
        this.seeds = new RegionSeeds[regions];
        double noisePerStep = Math.sqrt(stepSeconds) / Math.sqrt(MeanField.NOISE_UNIT_SECONDS);
        for (int region = 0; region < regions; region++) {
            connect(connectome, region);
            noiseScale[region] = parameters.noise()[region] * noisePerStep;
            seeds[region] = RegionSeeds.of(directions, region, noisePerStep);
        }
        s = filled(MeanField.INITIAL_GATING);
        nextS = new double[regions];
        z = new double[regions];
        f = filled(1);
        v = filled(1);
        q = filled(1);
        ds = new float[regions][lanes];
        nextDs = new float[regions][lanes];
        dz = new float[regions][lanes];
        df = new float[regions][lanes];
        dv = new float[regions][lanes];
        dq = new float[regions][lanes];
    }

    private void connect(Connectome connectome, int region) {
        int[] others = new int[regions];
        double[] strengths = new double[regions];
        int count = 0;
        for (int other = 0; other < regions; other++) {
            if (connectome.weight(region, other) != 0) {
                others[count] = other;
                strengths[count++] = connectome.weight(region, other);
            }
        }
        neighbours[region] = Arrays.copyOf(others, count);
        weights[region] = Arrays.copyOf(strengths, count);
    }

    private double[] filled(double value) {
        double[] array = new double[regions];
        Arrays.fill(array, value);
        return array;
    }

    void step(float[] noise, int noiseAt, boolean withHaemodynamics) {
        for (int region = 0; region < regions; region++) {
            synapse(region, noise[noiseAt + region]);
        }
        if (withHaemodynamics) {
            boolean previous = haemodynamics.drivenByPreviousState();
            for (int region = 0; region < regions; region++) {
                balloon(region, previous ? s[region] : nextS[region], previous ? ds[region] : nextDs[region]);
            }
        }
        double[] oldS = s;
        s = nextS;
        nextS = oldS;
        float[][] oldDs = ds;
        ds = nextDs;
        nextDs = oldDs;
    }

    private void synapse(int region, float noise) {
        int[] others = neighbours[region];
        double[] strengths = weights[region];
        double coupled = 0;
        for (int k = 0; k < others.length; k++) {
            coupled += strengths[k] * s[others[k]];
        }
        double gating = s[region];
        double w = parameters.recurrence()[region];
        double current = MeanField.COUPLING * w * gating
                + MeanField.COUPLING * parameters.coupling() * coupled
                + parameters.input()[region];
        double drive = MeanField.GAIN * current - MeanField.THRESHOLD;
        double rate = MeanField.firingRate(drive);
        double slope = -gating / MeanField.DECAY_SECONDS + MeanField.KINETICS * (1 - gating) * rate;
        nextS[region] = gating + dt * slope + noiseScale[region] * noise;

        // the same line differentiated: by the current, and by the gating itself
        double byCurrent = dt * MeanField.KINETICS * (1 - gating) * MeanField.firingRateSlope(drive) * MeanField.GAIN;
        double byGating =
                1 - dt / MeanField.DECAY_SECONDS - dt * MeanField.KINETICS * rate + byCurrent * MeanField.COUPLING * w;
        float[] out = nextDs[region];
        scale(out, (float) byGating, ds[region]);
        float perWeight = (float) (byCurrent * MeanField.COUPLING * parameters.coupling());
        int k = 0;
        for (; k + 4 <= others.length; k += 4) {
            addFour(
                    out,
                    perWeight * (float) strengths[k],
                    ds[others[k]],
                    perWeight * (float) strengths[k + 1],
                    ds[others[k + 1]],
                    perWeight * (float) strengths[k + 2],
                    ds[others[k + 2]],
                    perWeight * (float) strengths[k + 3],
                    ds[others[k + 3]]);
        }
        for (; k < others.length; k++) {
            add(out, perWeight * (float) strengths[k], ds[others[k]]);
        }
        RegionSeeds direct = seeds[region];
        for (int i = 0; i < direct.lanes().length; i++) {
            double dCurrent = MeanField.COUPLING * gating * direct.recurrence()[i]
                    + MeanField.COUPLING * coupled * direct.coupling()[i]
                    + direct.input()[i];
            out[direct.lanes()[i]] += (float) (byCurrent * dCurrent + direct.noise()[i] * noise);
        }
    }

    private static void scale(float[] out, float a, float[] x) {
        for (int l = 0; l < out.length; l++) {
            out[l] = a * x[l];
        }
    }

    private static void add(float[] out, float a, float[] x) {
        for (int l = 0; l < out.length; l++) {
            out[l] += a * x[l];
        }
    }

    private static void addFour(
            float[] out, float a, float[] x, float b, float[] y, float c, float[] z, float d, float[] w) {
        for (int l = 0; l < out.length; l++) {
            out[l] += (a * x[l] + b * y[l]) + (c * z[l] + d * w[l]);
        }
    }

    private void balloon(int region, double drive, float[] dDrive) {
        double signal = z[region];
        double flow = f[region];
        double volume = v[region];
        double deoxy = q[region];
        double outflow = Math.pow(volume, OUTFLOW_EXPONENT);
        double unextracted = Math.exp(LOG_UNEXTRACTED / flow);
        double rate = dt / Haemodynamics.TRANSIT_SECONDS;
        z[region] = signal
                + dt * (drive - haemodynamics.signalDecay() * signal - haemodynamics.flowElimination() * (flow - 1));
        f[region] = flow + dt * signal;
        v[region] = volume + rate * (flow - outflow);
        q[region] = deoxy + rate * (flow / Haemodynamics.EXTRACTION * (1 - unextracted) - deoxy / volume * outflow);

        float zByZ = (float) (1 - dt * haemodynamics.signalDecay());
        float zByF = (float) (-dt * haemodynamics.flowElimination());
        float vByV = (float) (1 - rate * OUTFLOW_EXPONENT * outflow / volume);
        float qByQ = (float) (1 - rate * outflow / volume);
        float qByV = (float) (-rate * deoxy * (OUTFLOW_EXPONENT - 1) * outflow / (volume * volume));
        float qByF =
                (float) (rate / Haemodynamics.EXTRACTION * (1 - unextracted + LOG_UNEXTRACTED * unextracted / flow));
        differentiate(
                new float[] {zByZ, zByF, (float) dt, vByV, (float) rate, qByQ, qByV, qByF},
                dDrive,
                dz[region],
                df[region],
                dv[region],
                dq[region]);
    }

    private static void differentiate(float[] by, float[] dDrive, float[] dz, float[] df, float[] dv, float[] dq) {
        float zByZ = by[0];
        float zByF = by[1];
        float dt = by[2];
        float vByV = by[3];
        float rate = by[4];
        float qByQ = by[5];
        float qByV = by[6];
        float qByF = by[7];
        for (int l = 0; l < dz.length; l++) {
            float signal = dz[l];
            float flow = df[l];
            float volume = dv[l];
            dq[l] = qByQ * dq[l] + qByV * volume + qByF * flow;
            dv[l] = vByV * volume + rate * flow;
            df[l] = flow + dt * signal;
            dz[l] = zByZ * signal + zByF * flow + dt * dDrive[l];
        }
    }

    /** Writes the BOLD signal of this moment, [regions], and its derivatives, [regions][lanes]. */
    void bold(double[] signal, int at, float[][] derivative, int rowAt) {
        for (int region = 0; region < regions; region++) {
            signal[at + region] = Haemodynamics.bold(v[region], q[region]);
            float byVolume = (float) Haemodynamics.boldByVolume(v[region], q[region]);
            float byDeoxy = (float) Haemodynamics.boldByDeoxyhaemoglobin(v[region]);
            float[] out = derivative[rowAt + region];
            scale(out, byVolume, dv[region]);
            add(out, byDeoxy, dq[region]);
        }
    }
}
