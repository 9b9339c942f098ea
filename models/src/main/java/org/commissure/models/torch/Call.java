package org.commissure.models.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Context;

/**
 * What surrounds every call into libtorch: a scope that frees all intermediate tensors, and the processor rounding
 * numbers below 1e-38 to zero. Coordinates in millimetres make a hundredth of all attention weights so small, and they
 * cost a hundred times the time of others. The mode belongs to the thread, and libtorch's worker threads inherit it when
 * they start, so the first call must already have it; Java's own arithmetic keeps such numbers, so it ends with the
 * call.
 */
final class Call implements AutoCloseable {
    private final PointerScope scope = new PointerScope();

    private Call() {}

    static Call open() {
        Context.setFlushDenormal(true);
        return new Call();
    }

    @Override
    public void close() {
        scope.close();
        Context.setFlushDenormal(false);
    }
}
