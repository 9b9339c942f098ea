package org.commissure.models.brainlm;

import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;
import org.commissure.models.weights.ParameterLayout;

/** Where a model's parameters and their gradients lie in its workspace, both in the layout's order. */
record ParameterMemory(ParameterLayout layout, long values, long gradients) {

    static ParameterMemory reserve(Workspace.Plan plan, ParameterLayout layout) {
        int count = layout.parameterCount();
        return new ParameterMemory(layout, plan.reserve(count), plan.reserve(count));
    }

    long value(String name) {
        return values + layout.tensor(name).offset();
    }

    long gradient(String name) {
        return gradients + layout.tensor(name).offset();
    }

    Linear linear(String name, int in, int out) {
        return linear(name + ".weight", name + ".bias", in, out);
    }

    /** A linear layer over several tensors that follow each other in the layout, named by the first of them. */
    Linear linear(String weight, String bias, int in, int out) {
        return new Linear(in, out, value(weight), value(bias), gradient(weight), gradient(bias));
    }
}
