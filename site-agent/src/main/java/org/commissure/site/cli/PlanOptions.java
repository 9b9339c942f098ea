package org.commissure.site.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.training.Masking;
import org.commissure.models.training.Schedule;
import org.commissure.models.training.TrainingPlan;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is trained. */
final class PlanOptions {
    private static final int DEFAULT_EPOCHS = 30;

    @Option(names = "--steps", paramLabel = "N", description = "optimiser steps; instead of --epochs")
    private @Nullable Long steps;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "times that every patient gives a window (default: " + DEFAULT_EPOCHS + ")")
    private @Nullable Long epochs;

    @Option(names = "--batch", paramLabel = "N", description = "windows a step (default: ${DEFAULT-VALUE})")
    private int batch = 16;

    @Option(names = "--learning-rate", paramLabel = "R", description = "at its peak (default: ${DEFAULT-VALUE})")
    private double learningRate = 0.001;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            description = "cosine, with 5 %% warm-up, or constant (default: ${DEFAULT-VALUE})")
    private String schedule = "cosine";

    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            description = "AdamW's, of all but biases and norms (default: ${DEFAULT-VALUE})")
    private double weightDecay = 0.05;

    @Option(
            names = "--gradient-norm",
            paramLabel = "C",
            description = "scale a step's gradient down to this L2 norm (default: ${DEFAULT-VALUE})")
    private double gradientNorm = 1;

    @Option(
            names = "--proximal",
            paramLabel = "MU",
            description = "pull towards the start by FedProx's mu (default: ${DEFAULT-VALUE})")
    private double proximal;

    @Option(
            names = "--patient-clip",
            paramLabel = "C",
            description = "clip every patient's gradient to this L2 norm before averaging. It bounds what one patient"
                    + " can change; without noise it is no differential privacy (default: off)")
    private @Nullable Double patientClip;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides who is held out, the start, and every window and mask (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "N",
            description = "how often to write what --resume needs (default: ${DEFAULT-VALUE})")
    private long checkpointSeconds = 60;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            description = "steps between two evaluations on the held-out patients (default: a twentieth of the run)")
    private @Nullable Long evaluateEvery;

    long seed() {
        return seed;
    }

    TrainingPlan plan(Masking masking, int patients, int minimumFrames) {
        if (steps != null && epochs != null) {
            throw new UserError("both --steps and --epochs are given", "give one of them");
        }
        try {
            long count = steps != null
                    ? steps
                    : TrainingPlan.stepsOfEpochs(
                            epochs == null ? DEFAULT_EPOCHS : epochs, patients, Math.max(1, batch));
            return new TrainingPlan(
                    count,
                    batch,
                    learningRate,
                    schedule(),
                    0.05,
                    AdamSettings.DEFAULT.withWeightDecay(weightDecay),
                    gradientNorm,
                    proximal,
                    patientClip == null ? OptionalDouble.empty() : OptionalDouble.of(patientClip),
                    masking,
                    minimumFrames,
                    seed,
                    Duration.ofSeconds(checkpointSeconds),
                    evaluateEvery == null ? Math.max(1, count / 20) : evaluateEvery);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    private Schedule schedule() {
        return switch (schedule.toLowerCase(Locale.ROOT)) {
            case "cosine" -> Schedule.COSINE;
            case "constant" -> Schedule.CONSTANT;
            default -> throw new UserError("--schedule is '" + schedule + "'", "choose cosine or constant");
        };
    }
}
