package org.commissure.models.meanfield.simulation;

import java.util.ArrayList;
import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;

/**
 * The equations as they stand, in double precision, one candidate after the other: the engine that the
 * fast ones are judged by. Thread-safe, holds nothing.
 */
public final class ReferenceSimulator implements Simulator {
    private static final int NOISE_STEPS = 1_024;

    @Override
    public List<Bold> simulate(
            Connectome connectome,
            List<RegionalParameters> candidates,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise) {
        List<Bold> all = new ArrayList<>();
        for (RegionalParameters candidate : candidates) {
            all.add(simulate(connectome, candidate, haemodynamics, timing, noise, (step, state) -> {}));
        }
        return List.copyOf(all);
    }

    /** One candidate, every state shown to {@code observer}. */
    public Bold simulate(
            Connectome connectome,
            RegionalParameters candidate,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise,
            StateObserver observer) {
        RegionState state = new RegionState(connectome, candidate, haemodynamics, timing.stepSeconds());
        int regions = connectome.regions();
        double[] bold = new double[timing.frames() * regions];
        float[] increments = new float[NOISE_STEPS * regions];
        int frame = 0;
        for (int step = 0; step < timing.totalSteps(); step++) {
            int buffered = step % NOISE_STEPS;
            if (buffered == 0) {
                noise.fill(step, Math.min(NOISE_STEPS, timing.totalSteps() - step), regions, increments);
            }
            int main = step - timing.warmUpSteps();
            state.step(increments, buffered * regions, main >= 0);
            observer.after(step, state);
            if (main >= 0 && timing.endsFrame(main)) {
                state.bold(bold, frame++ * regions);
            }
        }
        return new Bold(timing.frames(), regions, bold);
    }

    @Override
    public String description() {
        return "CPU, double precision, one candidate at a time";
    }

    @Override
    public void close() {}
}
