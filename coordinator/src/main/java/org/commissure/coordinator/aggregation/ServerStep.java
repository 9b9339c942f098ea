package org.commissure.coordinator.aggregation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.study.ServerOptimiser;

/**
 * A step of the server's optimiser on opaque vectors (Reddi et al. 2021, algorithm 2), with Δ what {@link UpdateStep}
 * would add to a parameter:
 *
 * <pre>
 * m ← β₁·m + (1 − β₁)·Δ                    v starts at τ²
 * adam: v ← β₂·v + (1 − β₂)·Δ²             yogi: v ← v − (1 − β₂)·Δ²·sign(v − Δ²)
 * θ ← θ + η·m/(√v + τ)                     momentum: θ ← θ + η·m
 * </pre>
 *
 * What is remembered of a model lies beside it, named by the model's hash, and stays until the next step is over: a step
 * that a crash cut off is taken again from the same numbers. Streams; holds none of the three vectors.
 */
public final class ServerStep {
    private final ServerOptimiser.Rule rule;
    private final double beta1;
    private final double beta2;
    private final double tau;
    private final double learningRate;

    /** @param learningRate η */
    public ServerStep(ServerOptimiser optimiser, double learningRate) {
        this.rule = optimiser.rule();
        this.beta1 = optimiser.momentum().orElse(ServerOptimiser.MOMENTUM);
        this.beta2 = optimiser.secondMoment().orElse(ServerOptimiser.SECOND_MOMENT);
        this.tau = optimiser.adaptivity().orElse(ServerOptimiser.ADAPTIVITY);
        this.learningRate = learningRate;
    }

    /**
     * @param update Δ, without a learning rate of the server's
     * @param isFirst whether {@code before} is what the run started from, of which nothing is remembered
     * @throws UpdateStep.UnusableSumException if a parameter would not be a finite number, or what is remembered of
     *     {@code before} is missing or damaged
     */
    public ModelStore.StoredModel apply(
            ModelStore models, ModelStore.StoredModel before, UpdateStep update, boolean isFirst)
            throws IOException, UpdateStep.UnusableSumException {
        Path remembered = MomentsFile.of(models, before.sha256());
        if (!isFirst && !Files.exists(remembered)) {
            throw damaged(remembered, "is missing");
        }
        try (MomentsFile.Reader old = new MomentsFile.Reader(isFirst ? null : remembered, tau * tau);
                MomentsFile.Writer fresh = new MomentsFile.Writer(models)) {
            ModelStore.StoredModel next =
                    update.apply(models, before, (parameter, delta) -> step(parameter, delta, old, fresh));
            old.requireEnd();
            fresh.commit(next.sha256());
            MomentsFile.keepOnly(models, before.sha256(), next.sha256());
            return next;
        } catch (MomentsFile.DamagedException | EOFException e) {
            throw damaged(remembered, "is damaged");
        }
    }

    private double step(double parameter, double delta, MomentsFile.Reader old, MomentsFile.Writer fresh)
            throws IOException {
        double m = beta1 * old.first() + (1 - beta1) * delta;
        double before = old.second();
        double square = delta * delta;
        double v = switch (rule) {
            case MOMENTUM -> before;
            case ADAM -> beta2 * before + (1 - beta2) * square;
            case YOGI -> before - (1 - beta2) * square * Math.signum(before - square);
        };
        fresh.put(m, v);
        return rule == ServerOptimiser.Rule.MOMENTUM
                ? parameter + learningRate * m
                : parameter + learningRate * m / (Math.sqrt(v) + tau);
    }

    private static UpdateStep.UnusableSumException damaged(Path file, String how) {
        return new UpdateStep.UnusableSumException("what the server's optimiser remembers, " + file.getFileName() + ", "
                + how + "; restore the run's models folder, or start a new run from the newest model");
    }
}
