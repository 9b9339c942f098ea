package org.commissure.models.meanfield.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;

/**
 * The same scheme in single precision, as many candidates at a time as the machine's vectors hold, twice over. Results
 * do not depend on how candidates are grouped, nor on the width of the vectors. Concurrent calls with equal noise share
 * it: drawing the normal numbers of a simulation takes longer than simulating ten candidates.
 */
public final class VectorSimulator implements Simulator {
    /** Steps between two looks at the volumes; blood flow changes over seconds. */
    private static final int WATCH_STEPS = 32;

    private final LaneKernel kernel;
    private final NoiseShare noises = new NoiseShare();
    private volatile boolean closed;

    public VectorSimulator() {
        this(Kernels.fastest());
    }

    VectorSimulator(LaneKernel kernel) {
        this.kernel = kernel;
    }

    /** Candidates of one call that use the engine fully. */
    public int batch() {
        return 2 * kernel.width();
    }

    @Override
    public List<Bold> simulate(
            Connectome connectome,
            List<RegionalParameters> candidates,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise) {
        if (closed) {
            throw new IllegalStateException("the simulator is closed");
        }
        for (RegionalParameters candidate : candidates) {
            if (candidate.regions() != connectome.regions()) {
                throw new IllegalArgumentException("a candidate has parameters for " + candidate.regions()
                        + " regions, but the structural connectome has " + connectome.regions());
            }
        }
        List<Bold> all = new ArrayList<>();
        try (NoiseShare.Lease shared = noises.lease(noise, timing.totalSteps(), connectome.regions())) {
            for (int from = 0; from < candidates.size(); from += batch()) {
                List<RegionalParameters> part = candidates.subList(from, Math.min(candidates.size(), from + batch()));
                int lanes = part.size() > kernel.width() ? batch() : kernel.width();
                LaneBlock block = new LaneBlock(connectome, part, lanes, haemodynamics, timing.stepSeconds());
                all.addAll(run(block, part.size(), haemodynamics, timing, shared));
            }
        }
        return List.copyOf(all);
    }

    private List<Bold> run(
            LaneBlock block, int candidates, Haemodynamics haemodynamics, Timing timing, NoiseShare.Lease noise) {
        double[][] bold = new double[candidates][timing.frames() * block.regions];
        float[] gating = block.initialGating();
        float[] next = new float[gating.length];
        int frame = 0;
        for (int step = 0; step < timing.totalSteps(); step++) {
            kernel.gatingStep(block, gating, next, noise.chunk(step), noise.offset(step));
            int main = step - timing.warmUpSteps();
            if (main >= 0) {
                kernel.haemodynamicStep(block, haemodynamics.drivenByPreviousState() ? gating : next);
                if (main % WATCH_STEPS == 0) {
                    kernel.watch(block);
                }
                if (timing.endsFrame(main)) {
                    for (int lane = 0; lane < candidates; lane++) {
                        block.bold(lane, bold[lane], frame * block.regions);
                    }
                    frame++;
                }
            }
            float[] old = gating;
            gating = next;
            next = old;
        }
        kernel.watch(block);
        List<Bold> all = new ArrayList<>();
        for (int lane = 0; lane < candidates; lane++) {
            if (block.left(lane)) {
                Arrays.fill(bold[lane], Double.NaN);
            }
            all.add(new Bold(timing.frames(), block.regions, bold[lane]));
        }
        return all;
    }

    @Override
    public String description() {
        return "CPU, single precision, " + kernel.label();
    }

    @Override
    public void close() {
        closed = true;
    }
}
