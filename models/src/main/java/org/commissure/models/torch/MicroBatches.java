package org.commissure.models.torch;

import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many examples a GPU computes at once. A step runs in micro-batches whose gradients add up; when the GPU runs out
 * of memory, the step begins again with half as many. The limit stays where it came to rest. Not thread-safe.
 */
final class MicroBatches {
    private static final Logger LOG = LoggerFactory.getLogger(MicroBatches.class);

    /** The rest is for the allocator's fragments, the libraries' workspaces and what the estimate leaves out. */
    private static final double SHARE_OF_FREE_MEMORY = 0.8;

    private final Runnable releaseCachedMemory;
    private int limit;

    /** @param releaseCachedMemory called before another attempt */
    MicroBatches(int limit, Runnable releaseCachedMemory) {
        this.limit = limit;
        this.releaseCachedMemory = releaseCachedMemory;
    }

    /** The largest number of examples that {@code freeBytes} should hold; at least 1. */
    static int fitting(long freeBytes, long bytesPerExample) {
        double fitting = SHARE_OF_FREE_MEMORY * freeBytes / Math.max(1, bytesPerExample);
        return (int) Math.clamp(fitting, 1, Integer.MAX_VALUE);
    }

    int limit() {
        return limit;
    }

    /** Never raises the limit. */
    void lower(int most) {
        limit = Math.min(limit, most);
    }

    /**
     * @param step a whole step from its beginning, given the largest micro-batch; must leave nothing behind when it
     *     throws
     * @param examples in the step
     * @throws EngineUnavailableException if not even one example fits
     */
    double run(int examples, ToDoubleFunction<Integer> step) {
        while (true) {
            int size = Math.min(limit, examples);
            try {
                return step.applyAsDouble(size);
            } catch (RuntimeException e) {
                if (!isOutOfMemory(e)) {
                    throw e;
                }
                if (size == 1) {
                    throw new EngineUnavailableException(
                            "the GPU's free memory does not hold one window of this model; choose device cpu, a"
                                    + " smaller model, or a GPU that no other process uses",
                            e);
                }
                limit = size / 2;
                LOG.warn(
                        "the GPU ran out of memory with {} windows at once; going on with {}, gradients add up to the"
                                + " same batch",
                        size,
                        limit);
                releaseCachedMemory.run();
            }
        }
    }

    /** JavaCPP turns c10::OutOfMemoryError into a RuntimeException with its text. */
    private static boolean isOutOfMemory(RuntimeException e) {
        String message = e.getMessage();
        return message != null && message.contains("out of memory");
    }
}
