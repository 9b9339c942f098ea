package org.commissure.models.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One block of off-heap float32 memory that holds all parameters, gradients and activations of a model. Offsets count
 * floats; each reserved buffer starts on a multiple of {@link #ALIGNMENT}, so elementwise kernels may run over a
 * buffer's padding. Pages that no call ever touches cost no memory: a model may reserve room for its longest sequence.
 *
 * <p>Not thread-safe by itself: kernels of one {@link Team} write to disjoint ranges.
 */
public final class Workspace implements AutoCloseable {
    /** Floats in a cache line, and in the widest vector register. */
    public static final int ALIGNMENT = 16;

    private static final MethodHandle CALLOC = function(
            "calloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private final long allocated;
    private final MemorySegment memory;
    private boolean closed;

    private Workspace(long floats) {
        long line = bytes(ALIGNMENT);
        long size = Math.addExact(Math.multiplyExact(floats, (long) Float.BYTES), line);
        try {
            // calloc and not malloc: large blocks come as fresh zero pages, which stay virtual until touched.
            allocated = (long) CALLOC.invokeExact(1L, size);
        } catch (Throwable e) {
            throw new IllegalStateException("calling calloc failed", e);
        }
        if (allocated == 0) {
            throw new OutOfMemoryError("no " + size / (1 << 20) + " MiB of memory for the model");
        }
        long aligned = (allocated + line - 1) / line * line;
        memory = MemorySegment.ofAddress(aligned).reinterpret(bytes(floats));
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /** Lays out buffers one after the other, then allocates all of them at once. */
    public static final class Plan {
        private long floats;

        /**
         * @return the offset of a new buffer of {@code count} floats
         * @throws IllegalArgumentException if the workspace would pass 2⁶¹ bytes
         */
        public long reserve(long count) {
            long offset = floats;
            if (count < 0 || count > (1L << 59) || offset > (1L << 59)) {
                throw new IllegalArgumentException("the model's working memory cannot be addressed; make it smaller");
            }
            floats += roundUp(count);
            return offset;
        }

        /** Floats reserved so far. */
        public long floats() {
            return floats;
        }

        /** Zero-filled memory for everything reserved so far. */
        public Workspace allocate() {
            return new Workspace(Math.max(ALIGNMENT, floats));
        }
    }

    /** {@code count} rounded up to a multiple of {@link #ALIGNMENT}. */
    public static int roundUp(int count) {
        return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static long roundUp(long count) {
        return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** An ND4J view of {@code [rows, columns]} floats from {@code offset}; valid until {@link #close}. */
    public INDArray view(long offset, int rows, int columns) {
        long count = (long) rows * columns;
        var pointer = new Floats(memory.asSlice(bytes(offset), bytes(count)).address(), count);
        return Nd4j.create(
                Nd4j.createBuffer(pointer, count, DataType.FLOAT),
                new long[] {rows, columns},
                new long[] {columns, 1},
                0,
                'c');
    }

    /** Floats that somebody else owns. */
    private static final class Floats extends FloatPointer {
        private Floats(long address, long count) {
            super((FloatPointer) null);
            this.address = address;
            capacity = count;
            limit = count;
        }
    }

    public void copyIn(float[] from, int fromIndex, long offset, int count) {
        MemorySegment.copy(from, fromIndex, memory, ValueLayout.JAVA_FLOAT, bytes(offset), count);
    }

    public void copyOut(long offset, float[] to, int toIndex, int count) {
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, bytes(offset), to, toIndex, count);
    }

    /** Copies {@code count} floats inside the workspace. */
    public void copy(long from, long to, long count) {
        MemorySegment.copy(memory, bytes(from), memory, bytes(to), bytes(count));
    }

    public void zero(long offset, long count) {
        memory.asSlice(bytes(offset), bytes(count)).fill((byte) 0);
    }

    public float get(long offset) {
        return memory.get(ValueLayout.JAVA_FLOAT, bytes(offset));
    }

    public void set(long offset, float value) {
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
            try {
                FREE.invokeExact(allocated);
            } catch (Throwable e) {
                throw new IllegalStateException("calling free failed", e);
            }
        }
    }

    MemorySegment memory() {
        return memory;
    }

    static long bytes(long floats) {
        return Float.BYTES * floats;
    }
}
