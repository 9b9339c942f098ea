package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One block of off-heap float32 memory that holds all parameters, gradients and activations of a model. It is an ND4J
 * array, so {@link INDArray} views give ND4J's own operations the same memory. Offsets count floats; each reserved
 * buffer starts on a multiple of {@link #ALIGNMENT}, so elementwise kernels may run over a buffer's padding.
 */
public final class Workspace implements AutoCloseable {
    /** Floats in a cache line, and in the widest vector register. */
    public static final int ALIGNMENT = 16;

    private final INDArray array;
    private final MemorySegment memory;
    private boolean closed;

    private Workspace(int floats) {
        array = Nd4j.create(DataType.FLOAT, floats);
        memory = MemorySegment.ofAddress(array.data().address()).reinterpret((long) Float.BYTES * floats);
    }

    /** Lays out buffers one after the other, then allocates all of them at once. */
    public static final class Plan {
        // The first line is the kernels' own scratch; see Lanes.
        private int floats = ALIGNMENT;

        /**
         * @return the offset of a new buffer of {@code count} floats
         * @throws IllegalArgumentException if the workspace would pass 8 GiB
         */
        public int reserve(long count) {
            int offset = floats;
            long next = floats + roundUp(count);
            if (count < 0 || next > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "the model needs more than 8 GiB of working memory; make it smaller");
            }
            floats = (int) next;
            return offset;
        }

        /** Zero-filled memory for everything reserved so far. */
        public Workspace allocate() {
            return new Workspace(floats);
        }
    }

    /** {@code count} rounded up to a multiple of {@link #ALIGNMENT}. */
    public static int roundUp(int count) {
        return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static long roundUp(long count) {
        return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** A view of {@code [rows, columns]} floats from {@code offset}; valid until {@link #close}. */
    public INDArray view(int offset, int rows, int columns) {
        return Nd4j.create(array.data(), new long[] {rows, columns}, new long[] {columns, 1}, offset, 'c');
    }

    public void copyIn(float[] from, int fromIndex, int offset, int count) {
        MemorySegment.copy(from, fromIndex, memory, ValueLayout.JAVA_FLOAT, bytes(offset), count);
    }

    public void copyOut(int offset, float[] to, int toIndex, int count) {
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, bytes(offset), to, toIndex, count);
    }

    /** Copies {@code count} floats inside the workspace. */
    public void copy(int from, int to, int count) {
        MemorySegment.copy(memory, bytes(from), memory, bytes(to), bytes(count));
    }

    public void zero(int offset, int count) {
        memory.asSlice(bytes(offset), bytes(count)).fill((byte) 0);
    }

    public float get(int offset) {
        return memory.get(ValueLayout.JAVA_FLOAT, bytes(offset));
    }

    public void set(int offset, float value) {
        memory.set(ValueLayout.JAVA_FLOAT, bytes(offset), value);
    }

    public boolean isClosed() {
        return closed;
    }

    /** Frees the memory. Nothing checks accesses after this: the owner must refuse them. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            array.close();
        }
    }

    MemorySegment memory() {
        return memory;
    }

    static long bytes(int floats) {
        return (long) Float.BYTES * floats;
    }
}
