package org.commissure.models.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where each named tensor lies in the flat parameter vector. Tensors follow each other without gaps, each in row-major
 * order; linear weights are {@code [out, in]} as in PyTorch's state dicts.
 */
public final class ParameterLayout {
    private final List<Tensor> tensors;
    private final Map<String, Tensor> byName;
    private final int parameterCount;

    /**
     * @param shape row-major dimensions, each at least 1
     * @param offset of the first value in the flat vector
     */
    public record Tensor(String name, List<Integer> shape, int offset) {
        public Tensor {
            shape = List.copyOf(shape);
        }

        /** Number of values. */
        public int length() {
            int length = 1;
            for (int dimension :
                    shape) { // not a stream: this stands in the conditions of loops over millions of values
                length = Math.multiplyExact(length, dimension);
            }
            return length;
        }
    }

    private ParameterLayout(List<Tensor> tensors, int parameterCount) {
        this.tensors = List.copyOf(tensors);
        this.parameterCount = parameterCount;
        byName = new HashMap<>();
        for (Tensor tensor : tensors) {
            byName.put(tensor.name(), tensor);
        }
    }

    /** Tensors in the order of the vector. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** Length of the flat vector. */
    public int parameterCount() {
        return parameterCount;
    }

    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @throws IllegalArgumentException if there is no such tensor */
    public Tensor tensor(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no parameter tensor is called " + name));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterLayout o && tensors.equals(o.tensors);
    }

    @Override
    public int hashCode() {
        return tensors.hashCode();
    }

    @Override
    public String toString() {
        return tensors.size() + " tensors, " + parameterCount + " parameters";
    }

    /** Appends tensors one after the other. */
    public static final class Builder {
        private final List<Tensor> tensors = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private int offset;

        /** @throws IllegalArgumentException if the name was used before or a dimension is not positive */
        public Builder add(String name, Integer... shape) {
            for (int dimension : shape) {
                if (dimension < 1) {
                    throw new IllegalArgumentException("tensor " + name + " has dimension " + dimension);
                }
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("two tensors are called " + name);
            }
            Tensor tensor = new Tensor(name, List.of(shape), offset);
            tensors.add(tensor);
            offset = Math.addExact(offset, tensor.length());
            return this;
        }

        public ParameterLayout build() {
            return new ParameterLayout(tensors, offset);
        }
    }
}
