package org.commissure.models.meanfield.simulation;

import java.util.Arrays;

/** Lane after lane: for virtual machines without the Vector API, and what the vectors are tested against. */
final class ScalarKernel implements LaneKernel {
    private static final int WIDTH = 16;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public String label() {
        return "no vectors";
    }

    @Override
    public void gatingStep(LaneBlock block, float[] gating, float[] next, float[] noise, int noiseAt) {
        int lanes = block.lanes;
        float[] sum = new float[lanes];
        for (int region = 0; region < block.regions; region++) {
            Arrays.fill(sum, 0);
            for (int entry = block.rows[region]; entry < block.rows[region + 1]; entry++) {
                addScaled(gating, block.columns[entry], block.weights[entry], sum);
            }
            int parameter = region * LaneBlock.PARAMETERS * lanes;
            for (int lane = 0; lane < lanes; lane++) {
                int at = region * lanes + lane;
                float s = gating[at];
                float local =
                        Math.fma(block.parameters[parameter + lane], s, block.parameters[parameter + lanes + lane]);
                float rate = FastMath.firingRate(Math.fma(sum[lane], block.coupling[lane], local));
                float drift = Math.fma((s - 1) * -block.kinetics, rate, s * block.remaining);
                next[at] = drift + block.parameters[parameter + 2 * lanes + lane] * noise[noiseAt + region];
            }
        }
    }

    private static void addScaled(float[] gating, int at, float weight, float[] sum) {
        for (int lane = 0; lane < sum.length; lane++) {
            sum[lane] = Math.fma(gating[at + lane], weight, sum[lane]);
        }
    }

    @Override
    public void haemodynamicStep(LaneBlock block, float[] drive) {
        int lanes = block.lanes;
        float[] state = block.haemodynamics;
        for (int i = 0; i < block.regions * lanes; i++) {
            int at = i / lanes * LaneBlock.STATES * lanes + i % lanes;
            float z = state[at];
            float f = state[at + lanes];
            float v = state[at + 2 * lanes];
            float q = state[at + 3 * lanes];
            float inverse = 1 / (f * v);
            float outflow = FastMath.outflow(v);
            float extraction = FastMath.oneMinusPowerOfTwo(inverse * v * block.extractionExponent);
            float change = f * block.inverseExtraction * extraction - q * outflow * (inverse * f);
            float slope = Math.fma(z, -block.signalDecay, drive[i]);
            slope = Math.fma(f - 1, -block.flowElimination, slope);
            state[at] = Math.fma(slope, block.stepSeconds, z);
            state[at + lanes] = Math.fma(z, block.stepSeconds, f);
            state[at + 2 * lanes] = Math.fma(f - outflow, block.transit, v);
            state[at + 3 * lanes] = Math.fma(change, block.transit, q);
        }
    }

    @Override
    public void watch(LaneBlock block) {
        for (int region = 0; region < block.regions; region++) {
            int at = (region * LaneBlock.STATES + 2) * block.lanes;
            for (int lane = 0; lane < block.lanes; lane++) {
                int bits = Float.floatToRawIntBits(block.haemodynamics[at + lane]);
                block.lowestVolume[lane] = Math.min(block.lowestVolume[lane], bits);
                block.highestVolume[lane] = Math.max(block.highestVolume[lane], bits);
            }
        }
    }
}
