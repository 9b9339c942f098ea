package org.commissure.models.torch;

import org.commissure.models.weights.ParameterLayout;

/** Distances between two flat vectors within one tensor. */
final class Differences {
    private Differences() {}

    static double norm(float[] a, float[] b, ParameterLayout.Tensor tensor) {
        double squares = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
            double d = (double) a[i] - b[i];
            squares += d * d;
        }
        return Math.sqrt(squares);
    }

    static double norm(float[] a, ParameterLayout.Tensor tensor) {
        return norm(a, new float[a.length], tensor);
    }

    static double largest(float[] a, float[] b, ParameterLayout.Tensor tensor) {
        double largest = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
            largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
        }
        return largest;
    }

    /** Values that differ by more than {@code tolerance}. */
    static int count(float[] a, float[] b, ParameterLayout.Tensor tensor, double tolerance) {
        int count = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
            count += Math.abs((double) a[i] - b[i]) > tolerance ? 1 : 0;
        }
        return count;
    }
}
