package org.commissure.models.pickle;

import java.util.List;

/**
 * A strided view of a storage; in bounds by construction.
 *
 * @param offset of the first element, in elements
 * @param shape empty for a single value; a dimension may be 0
 * @param strides in elements, one per dimension, none negative
 */
record TorchTensor(Storage storage, long offset, List<Integer> shape, List<Long> strides) implements Value {
    /** Longest array that every JVM allocates. */
    private static final int MAXIMUM_VALUES = Integer.MAX_VALUE - 8;

    private static final int MAXIMUM_RANK = 16;

    /** @throws RefusedPickleException if sizes overflow or any element lies outside the storage */
    static TorchTensor view(Storage storage, long offset, List<Long> sizes, List<Long> strides)
            throws RefusedPickleException {
        if (sizes.size() != strides.size() || sizes.size() > MAXIMUM_RANK) {
            throw new RefusedPickleException("a tensor has " + sizes.size() + " sizes and " + strides.size()
                    + " strides; they must be as many, and at most " + MAXIMUM_RANK);
        }
        long values = 1;
        long last = offset;
        try {
            for (int i = 0; i < sizes.size(); i++) {
                long size = sizes.get(i);
                if (size < 0 || strides.get(i) < 0) {
                    throw new RefusedPickleException("a tensor has size " + size + " with stride " + strides.get(i)
                            + "; neither may be negative");
                }
                values = Math.multiplyExact(values, size);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), strides.get(i)));
                if (size > MAXIMUM_VALUES || values > MAXIMUM_VALUES) {
                    throw new RefusedPickleException("a tensor of shape " + sizes + " is larger than is read");
                }
            }
        } catch (ArithmeticException e) {
            throw new RefusedPickleException("a tensor of shape " + sizes + " and strides " + strides + " overflows");
        }
        if (offset < 0 || offset > storage.length() || (values > 0 && last >= storage.length())) {
            throw new RefusedPickleException("a tensor of shape " + sizes + ", strides " + strides + " and offset "
                    + offset + " reaches beyond its storage of " + storage.length() + " elements");
        }
        return new TorchTensor(
                storage, offset, sizes.stream().map(Long::intValue).toList(), List.copyOf(strides));
    }

    @Override
    public String describe() {
        return "a tensor";
    }
}
