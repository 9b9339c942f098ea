package org.commissure.models.training;

import java.nio.file.Path;
import java.time.Duration;

/** What a run tells of itself. */
public sealed interface TrainingEvent {
    /**
     * A step was taken.
     *
     * @param step steps taken so far
     * @param loss mean loss of the batch before the step
     * @param gradientNorm L2 norm of the averaged gradient before it was scaled down
     */
    record Stepped(long step, double loss, double gradientNorm, double learningRate) implements TrainingEvent {}

    /**
     * Said about every two seconds and after the last step.
     *
     * @param loss mean loss since the last time it was said
     * @param tokensPerSecond of whole windows, since then
     * @param left at that speed, without evaluations
     */
    record Progress(long step, long steps, double loss, double tokensPerSecond, Duration left)
            implements TrainingEvent {}

    /** Held-out scans were scored. */
    record Evaluated(long step, Scores scores) implements TrainingEvent {}

    /** A checkpoint is on disk. */
    record Saved(long step, Path file) implements TrainingEvent {}

    /** The run goes on from a checkpoint. */
    record Resumed(long step, Path file) implements TrainingEvent {}
}
