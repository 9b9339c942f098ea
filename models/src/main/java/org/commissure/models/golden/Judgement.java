package org.commissure.models.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.weights.ParameterLayout;

/** Gathers comparisons: what is compared with what, and by which rule. */
final class Judgement {
    private final Tolerances tolerances;
    private final List<Comparison> comparisons = new ArrayList<>();

    Judgement(Tolerances tolerances) {
        this.tolerances = tolerances;
    }

    List<Comparison> comparisons() {
        return comparisons;
    }

    void exact(String name, int[] actual, int[] expected) {
        var differences = Differences.of(expected.length, i -> actual[i], i -> expected[i]);
        int differing = 0;
        for (int i = 0; i < expected.length; i++) {
            differing += actual[i] == expected[i] ? 0 : 1;
        }
        comparisons.add(differences.compare(name, Kind.EXACT, differing, 0));
    }

    void output(String name, Differences differences) {
        largest(name, Kind.OUTPUT, differences);
    }

    void loss(String name, double actual, double expected) {
        largest(name, Kind.LOSS, Differences.of(1, i -> actual, i -> expected));
    }

    /** A loss or gradient norm after optimiser steps. */
    void trained(String name, double actual, double expected) {
        largest(name, Kind.TRAINED, Differences.of(1, i -> actual, i -> expected));
    }

    /** A norm of a gradient, which may deviate as much as the gradient. */
    void gradientNorm(String name, double actual, double expected) {
        var differences = Differences.of(1, i -> actual, i -> expected);
        add(name, Kind.GRADIENT, differences, differences.norm(), tolerances.bound(Kind.GRADIENT, expected));
    }

    /** @param wholeNorm of the reference's whole gradient */
    void gradient(String group, ParameterLayout.Tensor tensor, Differences differences, double wholeNorm) {
        Kind kind = isNoise(tensor) ? Kind.NOISE_GRADIENT : Kind.GRADIENT;
        double reference = isNoise(tensor)
                ? Kind.NOISE_SHARE * wholeNorm
                : Math.max(differences.referenceNorm(), Kind.SMALL_SHARE * wholeNorm);
        add(group + "/" + tensor.name(), kind, differences, differences.norm(), tolerances.bound(kind, reference));
    }

    /**
     * Every tensor of a trained model that the folder holds, whole or sampled.
     *
     * @param walk how far rounding noise may take a parameter
     */
    void parameters(GoldenFolder folder, String group, ParameterLayout layout, float[] flat, double walk)
            throws IOException {
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            var reference = folder.reference(group, tensor);
            if (reference.isPresent()) {
                String name = group + (reference.get().sampled() ? "_sampled/" : "/") + tensor.name();
                parameter(name, isNoise(tensor), differences(tensor, flat, reference.get()), walk);
            }
        }
    }

    private void parameter(String name, boolean noise, Differences differences, double walk) {
        Kind kind = noise ? Kind.NOISE_PARAMETER : Kind.PARAMETER;
        double bound = tolerances.bound(kind, differences.largestReference());
        double largest = differences.largestAbsolute();
        boolean walked = largest <= Math.max(bound, walk);
        if (noise) {
            add(name, kind, differences, largest, Math.max(bound, walk));
        } else {
            add(name, kind, differences, walked ? differences.within(Kind.JUDGED_SHARE) : largest, bound);
        }
    }

    static Differences differences(ParameterLayout.Tensor tensor, float[] flat, GoldenFolder.Reference reference) {
        float[] expected = reference.values();
        if (!reference.sampled()) {
            return Differences.of(expected.length, i -> flat[tensor.offset() + i], i -> expected[i]);
        }
        int[] indices = SampledIndices.of(tensor.length());
        return Differences.of(expected.length, i -> flat[tensor.offset() + indices[i]], i -> expected[i]);
    }

    /** Softmax over keys does not feel what is added to all of them. */
    static boolean isNoise(ParameterLayout.Tensor tensor) {
        return tensor.name().endsWith(".key.bias");
    }

    private void largest(String name, Kind kind, Differences differences) {
        double bound = tolerances.bound(kind, differences.largestReference());
        add(name, kind, differences, differences.largestAbsolute(), bound);
    }

    private void add(String name, Kind kind, Differences differences, double difference, double bound) {
        comparisons.add(differences.compare(name, kind, difference, bound));
    }
}
