package org.commissure.models.meanfield.cuda;

import java.lang.foreign.MemorySegment;

/** A GPU as the model needs it: memory, and kernels from source. Not thread-safe. */
interface Accelerator extends AutoCloseable {
    /** For people: "NVIDIA H200". */
    String name();

    long freeBytes();

    /** @throws IllegalStateException with the compiler's log if the source does not compile */
    Program compile(String source);

    /** @throws IllegalStateException if the GPU has not that much memory left */
    Memory allocate(long bytes);

    @Override
    void close();

    /** Compiled kernels. */
    interface Program extends AutoCloseable {
        /**
         * Starts a kernel. Launches run one after the other; a later copy waits for them and reports what went wrong.
         *
         * @param arguments {@link Integer}s and {@link Memory}
         */
        void launch(String kernel, Grid grid, Object... arguments);

        @Override
        void close();
    }

    /** Memory of the GPU, zero at first. */
    interface Memory extends AutoCloseable {
        /** Where it is, for kernels. */
        long address();

        void clear();

        /** Copies all of {@code from} to the beginning. */
        void upload(MemorySegment from);

        /** Fills all of {@code into} from byte {@code offset} on. */
        void download(long offset, MemorySegment into);

        @Override
        void close();
    }

    /** How many blocks, in two dimensions, of how many threads. */
    record Grid(int blocksX, int blocksY, int threads) {
        /** Of the second dimension; the first has 2³¹ − 1. */
        static final int MAXIMUM_BLOCKS_Y = 65_535;

        public Grid {
            if (blocksX < 1 || blocksY < 1 || blocksY > MAXIMUM_BLOCKS_Y || threads < 1 || threads > 1_024) {
                throw new IllegalArgumentException(
                        "no GPU runs " + blocksX + " × " + blocksY + " blocks of " + threads + " threads");
            }
        }
    }
}
