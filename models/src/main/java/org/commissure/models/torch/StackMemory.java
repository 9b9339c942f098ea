package org.commissure.models.torch;

import org.commissure.models.brainlm.Stack;

/** How much memory autograd holds for one sequence in a stack of layers. */
final class StackMemory {
    /**
     * Rows of the stack's width that a layer's backward pass needs, in float32: two norms' inputs and outputs, query,
     * key, value, the attention's output, its projection, and one for the rounding of the allocator.
     */
    private static final int NARROW_ROWS = 10;

    /** Before and after GELU, and its gradient while the pass runs. */
    private static final int WIDE_ROWS = 3;

    private StackMemory() {}

    /** An upper estimate in bytes; bfloat16 needs less. */
    static long bytes(Stack stack, long rows) {
        return rows
                * stack.layers()
                * ((long) NARROW_ROWS * stack.width() + (long) WIDE_ROWS * stack.feedForward())
                * Float.BYTES;
    }
}
