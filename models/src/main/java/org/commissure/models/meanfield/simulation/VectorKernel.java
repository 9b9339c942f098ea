package org.commissure.models.meanfield.simulation;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarKernel}'s operations on the machine's widest vectors. The only class here that needs the incubating
 * Vector API; {@link Kernels} loads it where that is present.
 *
 * <p>Two vectors of candidates are advanced together where a block has as many: they share what is loaded of the
 * connectome. Each step is several short loops, with results between them in memory: in one long loop the compiler runs
 * out of its budget for inlining and allocates every vector, at a quarter of the speed.
 */
final class VectorKernel implements LaneKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int WIDTH = FLOATS.length();

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public String label() {
        return FLOATS.vectorBitSize() + "-bit vectors";
    }

    @Override
    public void gatingStep(LaneBlock block, float[] gating, float[] next, float[] noise, int noiseAt) {
        if (block.lanes == WIDTH) {
            single(block, gating, block.scratch);
        } else {
            pair(block, gating, block.scratch);
        }
        for (int lane = 0; lane < block.lanes; lane += WIDTH) {
            rates(block, lane, gating, block.scratch);
            update(block, lane, block.scratch, gating, next, noise, noiseAt);
        }
    }

    private static void single(LaneBlock block, float[] gating, float[] sums) {
        int[] rows = block.rows;
        int[] columns = block.columns;
        float[] weights = block.weights;
        for (int region = 0; region < block.regions; region++) {
            FloatVector sum = FloatVector.zero(FLOATS);
            int end = rows[region + 1];
            for (int entry = rows[region]; entry < end; entry++) {
                sum = FloatVector.fromArray(FLOATS, gating, columns[entry]).fma(broadcast(weights[entry]), sum);
            }
            sum.intoArray(sums, region * WIDTH);
        }
    }

    private static void pair(LaneBlock block, float[] gating, float[] sums) {
        int[] rows = block.rows;
        int[] columns = block.columns;
        float[] weights = block.weights;
        int regions = block.regions;
        for (int region = 0; region < regions; region++) {
            FloatVector sum0 = FloatVector.zero(FLOATS);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            int end = rows[region + 1];
            for (int entry = rows[region]; entry < end; entry++) {
                FloatVector weight = broadcast(weights[entry]);
                int column = columns[entry];
                sum0 = FloatVector.fromArray(FLOATS, gating, column).fma(weight, sum0);
                sum1 = FloatVector.fromArray(FLOATS, gating, column + WIDTH).fma(weight, sum1);
            }
            sum0.intoArray(sums, region * 2 * WIDTH);
            sum1.intoArray(sums, region * 2 * WIDTH + WIDTH);
        }
    }

    /** Firing rates in place of the sums over the connectome. */
    private static void rates(LaneBlock block, int lane, float[] gating, float[] sums) {
        int lanes = block.lanes;
        float[] parameters = block.parameters;
        FloatVector coupling = FloatVector.fromArray(FLOATS, block.coupling, lane);
        for (int region = 0; region < block.regions; region++) {
            int at = region * lanes + lane;
            int parameter = region * LaneBlock.PARAMETERS * lanes + lane;
            FloatVector local = FloatVector.fromArray(FLOATS, parameters, parameter)
                    .fma(
                            FloatVector.fromArray(FLOATS, gating, at),
                            FloatVector.fromArray(FLOATS, parameters, parameter + lanes));
            FloatVector u = FloatVector.fromArray(FLOATS, sums, at).fma(coupling, local);
            u.add(FastMath.TINY_DRIVE)
                    .div(oneMinusPowerOfTwo(u.mul(FastMath.RATE)).add(FastMath.TINY))
                    .intoArray(sums, at);
        }
    }

    private static void update(
            LaneBlock block, int lane, float[] rates, float[] gating, float[] next, float[] noise, int noiseAt) {
        int lanes = block.lanes;
        float[] parameters = block.parameters;
        for (int region = 0; region < block.regions; region++) {
            int at = region * lanes + lane;
            FloatVector s = FloatVector.fromArray(FLOATS, gating, at);
            FloatVector scale =
                    FloatVector.fromArray(FLOATS, parameters, (region * LaneBlock.PARAMETERS + 2) * lanes + lane);
            FloatVector kept = s.mul(block.remaining);
            FloatVector drift = s.sub(1).mul(-block.kinetics).fma(FloatVector.fromArray(FLOATS, rates, at), kept);
            drift.add(scale.mul(noise[noiseAt + region])).intoArray(next, at);
        }
    }

    @Override
    public void haemodynamicStep(LaneBlock block, float[] drive) {
        for (int lane = 0; lane < block.lanes; lane += WIDTH) {
            outflows(block, lane, block.scratch);
            balloon(block, lane, drive, block.scratch);
        }
    }

    private static void outflows(LaneBlock block, int lane, float[] outflows) {
        int lanes = block.lanes;
        for (int region = 0; region < block.regions; region++) {
            int at = (region * LaneBlock.STATES + 2) * lanes + lane;
            outflow(FloatVector.fromArray(FLOATS, block.haemodynamics, at)).intoArray(outflows, region * lanes + lane);
        }
    }

    private static void balloon(LaneBlock block, int lane, float[] drive, float[] outflows) {
        int lanes = block.lanes;
        float[] state = block.haemodynamics;
        FloatVector dt = broadcast(block.stepSeconds);
        FloatVector transit = broadcast(block.transit);
        FloatVector one = broadcast(1);
        for (int region = 0; region < block.regions; region++) {
            int at = region * LaneBlock.STATES * lanes + lane;
            FloatVector z = FloatVector.fromArray(FLOATS, state, at);
            FloatVector f = FloatVector.fromArray(FLOATS, state, at + lanes);
            FloatVector v = FloatVector.fromArray(FLOATS, state, at + 2 * lanes);
            FloatVector q = FloatVector.fromArray(FLOATS, state, at + 3 * lanes);
            FloatVector outflow = FloatVector.fromArray(FLOATS, outflows, region * lanes + lane);
            FloatVector inverse = one.div(f.mul(v));
            FloatVector extraction = oneMinusPowerOfTwo(inverse.mul(v).mul(block.extractionExponent));
            FloatVector change = f.mul(block.inverseExtraction)
                    .mul(extraction)
                    .sub(q.mul(outflow).mul(inverse.mul(f)));
            FloatVector slope =
                    z.fma(broadcast(-block.signalDecay), FloatVector.fromArray(FLOATS, drive, region * lanes + lane));
            slope = f.sub(one).fma(broadcast(-block.flowElimination), slope);
            slope.fma(dt, z).intoArray(state, at);
            z.fma(dt, f).intoArray(state, at + lanes);
            f.sub(outflow).fma(transit, v).intoArray(state, at + 2 * lanes);
            change.fma(transit, q).intoArray(state, at + 3 * lanes);
        }
    }

    @Override
    public void watch(LaneBlock block) {
        for (int lane = 0; lane < block.lanes; lane += WIDTH) {
            IntVector lowest = IntVector.fromArray(INTS, block.lowestVolume, lane);
            IntVector highest = IntVector.fromArray(INTS, block.highestVolume, lane);
            for (int region = 0; region < block.regions; region++) {
                int at = (region * LaneBlock.STATES + 2) * block.lanes + lane;
                IntVector bits =
                        FloatVector.fromArray(FLOATS, block.haemodynamics, at).viewAsIntegralLanes();
                lowest = lowest.min(bits);
                highest = highest.max(bits);
            }
            lowest.intoArray(block.lowestVolume, lane);
            highest.intoArray(block.highestVolume, lane);
        }
    }

    /** @see FastMath#oneMinusPowerOfTwo */
    private static FloatVector oneMinusPowerOfTwo(FloatVector x) {
        FloatVector t = x.add(FastMath.ROUNDING);
        FloatVector r = x.sub(t.sub(FastMath.ROUNDING));
        FloatVector scale = t.viewAsIntegralLanes()
                .max(FastMath.ROUNDING_BITS - FastMath.LARGEST_EXPONENT)
                .min(FastMath.ROUNDING_BITS + FastMath.LARGEST_EXPONENT)
                .lanewise(VectorOperators.LSHL, FastMath.MANTISSA_BITS)
                .add(FastMath.ONE_BITS)
                .viewAsFloatingLanes();
        FloatVector e = r.fma(broadcast(FastMath.E4), broadcast(FastMath.E3));
        e = e.fma(r, broadcast(FastMath.E2));
        e = e.fma(r, broadcast(FastMath.E1));
        e = e.fma(r, broadcast(FastMath.E0));
        return scale.mul(r).fma(e, broadcast(1).sub(scale));
    }

    /** @see FastMath#outflow */
    private static FloatVector outflow(FloatVector v) {
        IntVector bits = v.viewAsIntegralLanes();
        IntVector k = bits.sub(FastMath.ROOT_HALF_BITS).lanewise(VectorOperators.ASHR, FastMath.MANTISSA_BITS);
        FloatVector r = bits.sub(k.lanewise(VectorOperators.LSHL, FastMath.MANTISSA_BITS))
                .viewAsFloatingLanes()
                .sub(1);
        FloatVector l = r.fma(broadcast(FastMath.L5), broadcast(FastMath.L4));
        l = l.fma(r, broadcast(FastMath.L3));
        l = l.fma(r, broadcast(FastMath.L2));
        l = l.fma(r, broadcast(FastMath.L1));
        l = l.fma(r, broadcast(FastMath.L0));
        FloatVector whole = k.add(FastMath.ROUNDING_BITS).viewAsFloatingLanes().sub(FastMath.ROUNDING);
        FloatVector y = whole.fma(broadcast(FastMath.THIRTY_THIRD), l.mul(r));
        FloatVector p = y.fma(broadcast(FastMath.P3), broadcast(FastMath.P2));
        p = p.fma(y, broadcast(FastMath.P1));
        p = p.fma(y, broadcast(FastMath.P0));
        FloatVector cube = v.mul(v).mul(v);
        return p.mul(y).fma(cube, cube);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }
}
