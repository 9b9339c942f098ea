package org.commissure.models.brainlm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.commissure.models.tensor.Dropout;
import org.commissure.models.tensor.Flat;
import org.commissure.models.tensor.Workspace;
import org.commissure.models.weights.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * Optimiser steps on parameters where they lie. Buffers that a kind of training does not use stay untouched pages.
 */
final class InPlaceTraining {
    private final ParameterMemory parameters;
    private final int count;
    private final long means;
    private final long meanSquares;
    private final long anchor;
    private final long patientSum;
    private final List<Span> spans = new ArrayList<>();
    private final double[] partials;
    private @Nullable AdamSettings settings;
    private long steps;

    /** Consecutive parameters that either all decay or all do not. */
    private record Span(int offset, int length, boolean decays) {}

    /** Adds {@code weight} times the gradient of one example's loss to the gradients. */
    interface ExampleGradient {
        /** @return the example's loss */
        double add(Example example, float weight, long dropoutSeed);
    }

    /** @param unused tensors that no output depends on: they have no gradient and do not decay either */
    InPlaceTraining(Workspace.Plan plan, ParameterMemory parameters, Predicate<String> unused) {
        this.parameters = parameters;
        count = parameters.layout().parameterCount();
        means = plan.reserve(count);
        meanSquares = plan.reserve(count);
        anchor = plan.reserve(count);
        patientSum = plan.reserve(count);
        partials = new double[Flat.partials(count)];
        for (ParameterLayout.Tensor tensor : parameters.layout().tensors()) {
            spans.add(new Span(tensor.offset(), tensor.length(), decays(tensor.name()) && !unused.test(tensor.name())));
        }
    }

    /** Everything decays but biases and norms, as in the original's training script. */
    static boolean decays(String name) {
        return !name.endsWith(".bias") && !isNorm(name);
    }

    static boolean isNorm(String name) {
        return name.toLowerCase(Locale.ROOT).contains("norm");
    }

    void begin(Machine machine, AdamSettings chosen) {
        settings = chosen;
        steps = 0;
        Flat.zero(machine.memory(), machine.team(), means, count);
        Flat.zero(machine.memory(), machine.team(), meanSquares, count);
        machine.memory().copy(parameters.values(), anchor, count);
    }

    void setAnchor(Machine machine, float[] values) {
        started();
        machine.memory().copyIn(values, 0, anchor, count);
    }

    OptimiserState state(Machine machine) {
        started();
        float[] first = new float[count];
        float[] second = new float[count];
        machine.memory().copyOut(means, first, 0, count);
        machine.memory().copyOut(meanSquares, second, 0, count);
        return new OptimiserState(steps, first, second);
    }

    void load(Machine machine, OptimiserState state) {
        started();
        if (state.mean().length != count || state.meanSquare().length != count || state.steps() < 0) {
            throw new IllegalArgumentException("optimiser state of " + state.mean().length + " and "
                    + state.meanSquare().length + " values after " + state.steps()
                    + " steps does not fit a model of " + count + " parameters");
        }
        steps = state.steps();
        machine.memory().copyIn(state.mean(), 0, means, count);
        machine.memory().copyIn(state.meanSquare(), 0, meanSquares, count);
    }

    StepResult step(Machine machine, List<Example> batch, StepSettings step, ExampleGradient gradient) {
        AdamSettings adam = started();
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("a step needs at least one example");
        }
        double loss = step.patientClipNorm().isPresent()
                ? clippedGradient(machine, batch, step, gradient)
                : plainGradient(machine, batch, step, gradient);
        Workspace w = machine.memory();
        if (step.proximal() > 0) {
            Flat.addProximal(w, (float) step.proximal(), parameters.values(), anchor, parameters.gradients(), count);
        }
        double norm = norm(machine);
        if (!Double.isFinite(norm)) {
            throw new ArithmeticException("the gradient of the batch is not finite");
        }
        double scale = norm > step.maximumGradientNorm() ? step.maximumGradientNorm() / (norm + 1e-6) : 1;
        update(machine, adam, step.learningRate(), (float) scale);
        return new StepResult(loss, norm);
    }

    private double plainGradient(Machine machine, List<Example> batch, StepSettings step, ExampleGradient gradient) {
        clear(machine);
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            loss += finite(i, gradient.add(batch.get(i), 1f / batch.size(), seed(step, i)));
        }
        return loss / batch.size();
    }

    /** Patient by patient: a loop costs what a batch costs, so no gradient is ever kept per example. */
    private double clippedGradient(Machine machine, List<Example> batch, StepSettings step, ExampleGradient gradient) {
        Workspace w = machine.memory();
        double clip = step.patientClipNorm().orElseThrow();
        Flat.zero(w, machine.team(), patientSum, count);
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            clear(machine);
            loss += finite(i, gradient.add(batch.get(i), 1, seed(step, i)));
            double norm = finite(i, norm(machine));
            float factor = (float) (Math.min(1, clip / norm) / batch.size());
            Flat.addScaled(w, machine.team(), factor, parameters.gradients(), patientSum, count);
        }
        w.copy(patientSum, parameters.gradients(), count);
        return loss / batch.size();
    }

    private static double finite(int example, double value) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("loss or gradient of example " + example
                    + " of the batch is not finite; the parameters were left as they were");
        }
        return value;
    }

    private static long seed(StepSettings step, int example) {
        return Dropout.mix(step.dropoutSeed() + Dropout.mix(example + 1L));
    }

    void clear(Machine machine) {
        Flat.zero(machine.memory(), machine.team(), parameters.gradients(), count);
    }

    private double norm(Machine machine) {
        return Math.sqrt(Flat.squaredNorm(machine.memory(), machine.team(), parameters.gradients(), count, partials));
    }

    private void update(Machine machine, AdamSettings adam, double learningRate, float scale) {
        Workspace w = machine.memory();
        steps++;
        double root = Math.sqrt(1 - Math.pow(adam.beta2(), steps));
        float rate = (float) (learningRate / (1 - Math.pow(adam.beta1(), steps)));
        float correction = (float) (1 / root);
        float epsilon = (float) (adam.weightDecay() == 0 ? adam.epsilon() : adam.epsilon() / root);
        float keep = (float) (1 - learningRate * adam.weightDecay());
        machine.team().run(spans.size(), 1, (from, to, member) -> {
            for (Span span : spans.subList(from, to)) {
                Flat.adam(
                        w,
                        parameters.values() + span.offset(),
                        parameters.gradients() + span.offset(),
                        means + span.offset(),
                        meanSquares + span.offset(),
                        span.length(),
                        scale,
                        (float) adam.beta1(),
                        (float) adam.beta2(),
                        epsilon,
                        rate,
                        correction,
                        span.decays() ? keep : 1);
            }
        });
    }

    private AdamSettings started() {
        AdamSettings chosen = settings;
        if (chosen == null) {
            throw new IllegalStateException("training has not begun; call beginTraining first");
        }
        return chosen;
    }
}
