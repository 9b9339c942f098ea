package org.commissure.models.meanfield.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.simulation.MeanField;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;

/**
 * What a set of kernels is compiled for: everything that stays the same between candidates is a constant to the
 * compiler, so that it unrolls the coupling and keeps a row of the connectome in registers.
 */
record KernelSource(int regions, Haemodynamics haemodynamics, Timing timing) {
    /** Threads of a block, and regions of a connectome: one each. */
    static final int MAXIMUM_REGIONS = 1_024;

    /** Threads of a block where they are not regions; the kernels' tiles and sums are made for it. */
    static final int BLOCK_THREADS = 256;

    /** Windows in a row of tiles of the Gram matrix. */
    static final int TILE_WINDOWS = 64;

    private static final int WARP = 32;

    /** Pairs that a step of the Gram matrix takes. */
    private static final int DEPTH = 16;

    /** Registers of a thread are 255; the rest of the kernel needs about 50 of them. */
    private static final int LARGEST_ROW_IN_REGISTERS = 128;

    KernelSource {
        if (regions > MAXIMUM_REGIONS) {
            throw new IllegalArgumentException("on a GPU a connectome can have up to " + MAXIMUM_REGIONS
                    + " regions, this one has " + regions + "; choose device cpu");
        }
    }

    /** One for each region, in whole warps. */
    int simulationThreads() {
        return Math.ceilDiv(regions, WARP) * WARP;
    }

    int pairs() {
        return FunctionalConnectivity.pairs(regions);
    }

    /** Length of a row of pairs, with zeros up to a whole step of the Gram matrix. */
    int paddedPairs() {
        return Math.ceilDiv(pairs(), DEPTH) * DEPTH;
    }

    /** Definitions and kernels. */
    String text() {
        return definitions() + kernels();
    }

    private static String kernels() {
        try (InputStream in = KernelSource.class.getResourceAsStream("meanfield.cu")) {
            if (in == null) {
                throw new IllegalStateException("meanfield.cu is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading meanfield.cu", e);
        }
    }

    private String definitions() {
        StringBuilder text = new StringBuilder();
        define(text, "REGIONS", regions);
        define(text, "THREADS", simulationThreads());
        define(text, "BLOCK_THREADS", BLOCK_THREADS);
        define(text, "PADDED_PAIRS", paddedPairs());
        define(text, "ROW_IN_REGISTERS", regions <= LARGEST_ROW_IN_REGISTERS ? 1 : 0);
        define(text, "FRAMES", timing.frames());
        define(text, "WARM_UP_STEPS", timing.warmUpSteps());
        define(text, "MAIN_STEPS", timing.mainSteps());
        define(text, "STEPS_PER_FRAME", timing.stepsPerFrame());
        define(text, "STEP_SECONDS", timing.stepSeconds());
        define(text, "GAIN", MeanField.GAIN);
        define(text, "THRESHOLD", MeanField.THRESHOLD);
        define(text, "CURVATURE", MeanField.CURVATURE);
        define(text, "DECAY_SECONDS", MeanField.DECAY_SECONDS);
        define(text, "KINETICS", MeanField.KINETICS);
        define(text, "INITIAL_GATING", MeanField.INITIAL_GATING);
        define(text, "DRIVEN_BY_PREVIOUS_STATE", haemodynamics.drivenByPreviousState() ? 1 : 0);
        define(text, "SIGNAL_DECAY", haemodynamics.signalDecay());
        define(text, "FLOW_ELIMINATION", haemodynamics.flowElimination());
        define(text, "TRANSIT_SECONDS", Haemodynamics.TRANSIT_SECONDS);
        define(text, "GRUBB", Haemodynamics.GRUBB);
        define(text, "EXTRACTION", Haemodynamics.EXTRACTION);
        define(text, "LOG_REMAINING", Math.log(1 - Haemodynamics.EXTRACTION));
        double[] bold = Haemodynamics.boldCoefficients();
        define(text, "BOLD_Q", bold[0]);
        define(text, "BOLD_QV", bold[1]);
        define(text, "BOLD_V", bold[2]);
        define(text, "BINS", ConnectivityDynamics.BINS);
        define(text, "LOWEST", ConnectivityDynamics.LOWEST);
        define(text, "BINS_PER_UNIT", ConnectivityDynamics.BINS / (1 - ConnectivityDynamics.LOWEST));
        return text.toString();
    }

    private static void define(StringBuilder text, String name, int value) {
        text.append("#define ").append(name).append(' ').append(value).append('\n');
    }

    private static void define(StringBuilder text, String name, double value) {
        text.append("#define ").append(name).append(" (").append((float) value).append("f)\n");
    }
}
