package org.commissure.models.training;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.StepSettings;

/**
 * Everything that decides what a training run computes, and how often it looks around.
 *
 * @param steps optimiser steps in all; {@link #stepsOfEpochs} counts epochs
 * @param batchSize windows a step
 * @param learningRate at the schedule's peak
 * @param warmUpFraction share of the steps over which {@link Schedule#COSINE} rises, in [0, 1)
 * @param maximumGradientNorm the averaged gradient is scaled down to this L2 norm; infinite leaves it alone
 * @param proximal μ of FedProx (Li et al. 2020); 0 is off
 * @param patientClipNorm if present, every window counts as one patient and its gradient is clipped to this L2 norm
 *     before the average; no noise is added here
 * @param minimumFrames shorter scans are refused; those shorter than the model's window are padded. 0 stands for the
 *     window, so that nothing is padded
 * @param seed decides the order of patients, windows, masks and dropout
 * @param checkpointInterval a checkpoint is written at the end and when this much time has passed
 * @param evaluationInterval steps between two evaluations; there is always one before the first step and one at the end
 */
public record TrainingPlan(
        long steps,
        int batchSize,
        double learningRate,
        Schedule schedule,
        double warmUpFraction,
        AdamSettings adam,
        double maximumGradientNorm,
        double proximal,
        OptionalDouble patientClipNorm,
        Masking masking,
        int minimumFrames,
        long seed,
        Duration checkpointInterval,
        long evaluationInterval) {

    public TrainingPlan {
        require(steps > 0, "steps", steps);
        require(batchSize > 0, "batch size", batchSize);
        require(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "learning rate", learningRate);
        require(warmUpFraction >= 0 && warmUpFraction < 1, "warm-up fraction", warmUpFraction);
        require(maximumGradientNorm > 0, "maximum gradient norm", maximumGradientNorm);
        require(proximal >= 0 && proximal < Double.POSITIVE_INFINITY, "FedProx's mu", proximal);
        double clip = patientClipNorm.orElse(1);
        require(clip > 0 && clip < Double.POSITIVE_INFINITY, "patient clip norm", clip);
        require(minimumFrames >= 0, "minimum frames", minimumFrames);
        require(!checkpointInterval.isNegative(), "checkpoint interval", checkpointInterval);
        require(evaluationInterval > 0, "evaluation interval", evaluationInterval);
    }

    /** AdamW as BrainLM uses it: .9/.999/1e-8, decay .05, norm clip 1, cosine with 5 % warm-up; the rest by default. */
    public static TrainingPlan of(long steps, int batchSize, double learningRate, Masking masking, long seed) {
        return new TrainingPlan(
                steps,
                batchSize,
                learningRate,
                Schedule.COSINE,
                0.05,
                AdamSettings.DEFAULT.withWeightDecay(0.05),
                1,
                0,
                OptionalDouble.empty(),
                masking,
                0,
                seed,
                Duration.ofSeconds(60),
                Math.max(1, steps / 20));
    }

    /** The same, written down more or less often; this changes nothing of what is computed. */
    public TrainingPlan withIntervals(Duration checkpoint, long evaluationSteps) {
        return new TrainingPlan(
                steps,
                batchSize,
                learningRate,
                schedule,
                warmUpFraction,
                adam,
                maximumGradientNorm,
                proximal,
                patientClipNorm,
                masking,
                minimumFrames,
                seed,
                checkpoint,
                evaluationSteps);
    }

    /** The same on scans from this many frames on; 0 stands for the window. */
    public TrainingPlan withMinimumFrames(int frames) {
        return new TrainingPlan(
                steps,
                batchSize,
                learningRate,
                schedule,
                warmUpFraction,
                adam,
                maximumGradientNorm,
                proximal,
                patientClipNorm,
                masking,
                frames,
                seed,
                checkpointInterval,
                evaluationInterval);
    }

    /** The same with other random numbers. */
    public TrainingPlan withSeed(long newSeed) {
        return new TrainingPlan(
                steps,
                batchSize,
                learningRate,
                schedule,
                warmUpFraction,
                adam,
                maximumGradientNorm,
                proximal,
                patientClipNorm,
                masking,
                minimumFrames,
                newSeed,
                checkpointInterval,
                evaluationInterval);
    }

    /** Steps in which every patient gives {@code epochs} windows; a last, incomplete batch of an epoch is left out. */
    public static long stepsOfEpochs(long epochs, int patients, int batchSize) {
        return Math.multiplyExact(epochs, (long) stepsPerEpoch(patients, batchSize));
    }

    static int stepsPerEpoch(int patients, int batchSize) {
        return Math.max(1, patients / batchSize);
    }

    /** What this step asks of the optimiser. @param step counted from 0 */
    StepSettings step(long step) {
        return new StepSettings(
                learningRate * schedule.shareOf(step, steps, warmUpFraction),
                maximumGradientNorm,
                proximal,
                patientClipNorm,
                Streams.seed(seed, Streams.Purpose.DROPOUT, step));
    }

    /** What a checkpoint must agree with; intervals do not change what is computed. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("steps", Long.toString(steps));
        facts.put("batch size", Integer.toString(batchSize));
        facts.put("learning rate", Double.toString(learningRate));
        facts.put("schedule", schedule.name());
        facts.put("warm-up fraction", Double.toString(warmUpFraction));
        facts.put("optimiser", adam.toString());
        facts.put("maximum gradient norm", Double.toString(maximumGradientNorm));
        facts.put("FedProx's mu", Double.toString(proximal));
        facts.put("patient clip norm", patientClipNorm.toString());
        facts.put("masking", masking.toString());
        facts.put("minimum frames", Integer.toString(minimumFrames));
        facts.put("seed", Long.toString(seed));
        return facts;
    }

    private static void require(boolean holds, String name, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("training plan: " + name + " = " + value + " is out of range");
        }
    }
}
