package org.commissure.models.meanfield;

/**
 * The clock of a simulation. Frame k is the BOLD signal after main step {@code stepsPerFrame·(k+1)};
 * where the main steps are no multiple of a frame, the state at the last step is one more frame, as in
 * the published code.
 *
 * @param stepSeconds dt of the Euler scheme
 * @param warmUpSteps steps of the synaptic state before the haemodynamics start
 * @param mainSteps steps with haemodynamics
 * @param stepsPerFrame repetition time divided by {@code stepSeconds}
 * @param discardedFrames frames at the beginning that are not compared with data
 */
public record Timing(double stepSeconds, int warmUpSteps, int mainSteps, int stepsPerFrame, int discardedFrames) {
    /** Kong et al. 2021: TR 0.72 s, 120 s discarded, 864 s (1,200 frames) kept. */
    public static final Timing KONG_2021 = new Timing(0.01, 1_000, 98_401, 72, 167);

    public Timing {
        if (!(stepSeconds > 0) || warmUpSteps < 0 || mainSteps < 1 || stepsPerFrame < 1 || discardedFrames < 0) {
            throw new IllegalArgumentException("a simulation's times must be positive: step " + stepSeconds
                    + " s, warm-up " + warmUpSteps + ", main " + mainSteps + ", frame " + stepsPerFrame
                    + " steps, discarded " + discardedFrames);
        }
        if (discardedFrames >= framesOf(mainSteps, stepsPerFrame)) {
            throw new IllegalArgumentException("the simulation has " + framesOf(mainSteps, stepsPerFrame)
                    + " frames and discards " + discardedFrames);
        }
    }

    /**
     * Steps of 10 ms for a scanner's repetition time: 10 s of warm-up, 120 s of haemodynamics discarded.
     *
     * @throws IllegalArgumentException if the repetition time is shorter than a step
     */
    public static Timing of(double repetitionTimeSeconds, int frames) {
        double stepSeconds = 0.01;
        int stepsPerFrame = Math.toIntExact(Math.round(repetitionTimeSeconds / stepSeconds));
        if (stepsPerFrame < 1 || frames < 1) {
            throw new IllegalArgumentException("cannot simulate " + frames + " frames with a repetition time of "
                    + repetitionTimeSeconds + " s in steps of " + stepSeconds + " s");
        }
        int discarded = Math.ceilDiv(12_000, stepsPerFrame);
        return new Timing(
                stepSeconds, 1_000, Math.multiplyExact(discarded + frames, stepsPerFrame), stepsPerFrame, discarded);
    }

    private static int framesOf(int mainSteps, int stepsPerFrame) {
        return Math.ceilDiv(mainSteps, stepsPerFrame);
    }

    /** All frames, discarded ones included. */
    public int frames() {
        return framesOf(mainSteps, stepsPerFrame);
    }

    public int keptFrames() {
        return frames() - discardedFrames;
    }

    public int totalSteps() {
        return warmUpSteps + mainSteps;
    }

    /** Whether a frame ends with main step {@code step}, counted from 0. */
    public boolean endsFrame(int step) {
        return (step + 1) % stepsPerFrame == 0 || step == mainSteps - 1;
    }
}
