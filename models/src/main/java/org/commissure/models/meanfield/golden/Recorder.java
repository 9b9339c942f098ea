package org.commissure.models.meanfield.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.simulation.RegionState;
import org.commissure.models.meanfield.simulation.StateObserver;

/** What the double engine went through, candidate after candidate, in the layouts of the reference. */
final class Recorder implements StateObserver {
    private static final int STATES = 6;

    private final int regions;
    private final int steps;
    private final double[][] gating;
    private final double[][] last;
    private final List<Bold> bold = new ArrayList<>();
    private int candidate;

    Recorder(int candidates, int regions, Timing timing) {
        this.regions = regions;
        this.steps = timing.totalSteps();
        this.gating = new double[candidates][steps * regions];
        this.last = new double[candidates][];
    }

    @Override
    public void after(int step, RegionState state) {
        System.arraycopy(state.gating(), 0, gating[candidate], step * regions, regions);
        if (step == steps - 1) {
            double[] end = new double[STATES * regions];
            double[][] states = {
                state.gating(),
                state.signal(),
                state.flow(),
                state.volume(),
                state.deoxyhaemoglobin(),
                state.firingRate()
            };
            for (int i = 0; i < STATES; i++) {
                System.arraycopy(states[i], 0, end, i * regions, regions);
            }
            last[candidate] = end;
        }
    }

    /** Ends the candidate that was observed. */
    void add(Bold simulated) {
        bold.add(simulated);
        candidate++;
    }

    /** Of each candidate. */
    List<Bold> bold() {
        return bold;
    }

    /** [candidates, states, regions]: S, z, f, v, q, H. */
    double[] last() {
        return joined(last);
    }

    /** S after every {@code every}-th step from the first, [candidates, times, regions]. */
    double[] gating(int every) {
        double[][] thinned = new double[gating.length][Math.ceilDiv(steps, every) * regions];
        for (int each = 0; each < gating.length; each++) {
            for (int time = 0; time * every < steps; time++) {
                System.arraycopy(gating[each], time * every * regions, thinned[each], time * regions, regions);
            }
        }
        return joined(thinned);
    }

    /** S of a candidate's first steps, [count, regions]. */
    double[] firstGating(int candidate, int count) {
        return Arrays.copyOf(gating[candidate], Math.min(count, steps) * regions);
    }

    private static double[] joined(double[][] parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }
}
