package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Elements of a {@link Ring} in memory: 4 bytes each for rings up to 32 bits, 8 for the ring of 64. Arithmetic
 * modulo 2^32 is also right modulo 2^16 and 2^24; only the low bits count until the vector is centred.
 * Not thread-safe.
 */
public abstract sealed class RingVector {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RingVector() {}

    /** So many zeros. */
    public static RingVector zeros(Ring ring, int length) {
        return ring.bits() == Long.SIZE ? new Longs(length) : new Ints(ring.bits(), length);
    }

    public abstract int length();

    /** Element {@code i}; of a centred vector the number that it stands for. */
    public abstract long get(int i);

    /** Sets element {@code i} to {@code value} modulo the ring. */
    public abstract void set(int i, long value);

    /** Bytes of one element in memory and of a mask for it. */
    abstract int elementBytes();

    /** Adds or subtracts the mask whose keystream begins in {@code keystream} at {@code [offset, offset + length)}. */
    abstract void mask(byte[] keystream, int offset, int length, boolean add);

    /** Writes {@code [offset, offset + length)} to the beginning of {@code wire}, as it travels. */
    abstract void pack(int offset, int length, byte[] wire);

    /** Adds the first {@code length} elements of {@code wire} to this from {@code offset} on. */
    abstract void addPacked(byte[] wire, int offset, int length);

    /** Each element as the number between −2^(bits−1) and 2^(bits−1) that it stands for, in place. */
    abstract void centre();

    /** The elements {@code [offset, offset + length)} as they lie in memory, little-endian, to the beginning of {@code bytes}. */
    abstract void copy(int offset, int length, byte[] bytes);

    /**
     * A copy.
     *
     * @throws ArithmeticException if an element does not fit
     */
    public final int[] toInts() {
        int[] copy = new int[length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = Math.toIntExact(get(i));
        }
        return copy;
    }

    /** SHA-256 over the elements as little-endian integers of 4 bytes, of 8 in the ring of 64 bits. */
    public final ByteString sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException("every JDK has SHA-256, and nothing is written", e);
        }
    }

    /** Writes what {@link #sha256} is the hash of. */
    public final void writeTo(OutputStream out) throws IOException {
        byte[] bytes = new byte[MaskStream.CHUNK * elementBytes()];
        for (int offset = 0; offset < length(); offset += MaskStream.CHUNK) {
            int count = Math.min(MaskStream.CHUNK, length() - offset);
            copy(offset, count, bytes);
            out.write(bytes, 0, count * elementBytes());
        }
    }

    private static final class Ints extends RingVector {
        private final int bits;
        private final int[] values;

        Ints(int bits, int length) {
            this.bits = bits;
            this.values = new int[length];
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long get(int i) {
            return values[i];
        }

        @Override
        public void set(int i, long value) {
            values[i] = (int) value;
        }

        @Override
        int elementBytes() {
            return Integer.BYTES;
        }

        @Override
        void mask(byte[] keystream, int offset, int length, boolean add) {
            // A segment, because the compiled loop over it is faster than over a view of the array.
            MemorySegment mask = MemorySegment.ofArray(keystream);
            if (add) {
                for (int i = 0; i < length; i++) {
                    values[offset + i] += mask.get(INT, (long) i * Integer.BYTES);
                }
            } else {
                for (int i = 0; i < length; i++) {
                    values[offset + i] -= mask.get(INT, (long) i * Integer.BYTES);
                }
            }
        }

        @Override
        void pack(int offset, int length, byte[] wire) {
            switch (bits) {
                case 32 -> copy(offset, length, wire);
                case 16 -> {
                    for (int i = 0; i < length; i++) {
                        SHORTS.set(wire, i * 2, (short) values[offset + i]);
                    }
                }
                default -> {
                    for (int i = 0; i < length; i++) {
                        int element = values[offset + i];
                        SHORTS.set(wire, i * 3, (short) element);
                        wire[i * 3 + 2] = (byte) (element >> 16);
                    }
                }
            }
        }

        @Override
        void addPacked(byte[] wire, int offset, int length) {
            switch (bits) {
                case 32 -> mask(wire, offset, length, true);
                case 16 -> {
                    for (int i = 0; i < length; i++) {
                        values[offset + i] += (short) SHORTS.get(wire, i * 2);
                    }
                }
                default -> {
                    for (int i = 0; i < length; i++) {
                        values[offset + i] += (short) SHORTS.get(wire, i * 3) & 0xffff | wire[i * 3 + 2] << 16;
                    }
                }
            }
        }

        @Override
        void centre() {
            int unused = Integer.SIZE - bits;
            if (unused > 0) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = values[i] << unused >> unused;
                }
            }
        }

        @Override
        void copy(int offset, int length, byte[] bytes) {
            for (int i = 0; i < length; i++) {
                INTS.set(bytes, i * Integer.BYTES, values[offset + i]);
            }
        }
    }

    private static final class Longs extends RingVector {
        private final long[] values;

        Longs(int length) {
            this.values = new long[length];
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long get(int i) {
            return values[i];
        }

        @Override
        public void set(int i, long value) {
            values[i] = value;
        }

        @Override
        int elementBytes() {
            return Long.BYTES;
        }

        @Override
        void mask(byte[] keystream, int offset, int length, boolean add) {
            MemorySegment mask = MemorySegment.ofArray(keystream);
            if (add) {
                for (int i = 0; i < length; i++) {
                    values[offset + i] += mask.get(LONG, (long) i * Long.BYTES);
                }
            } else {
                for (int i = 0; i < length; i++) {
                    values[offset + i] -= mask.get(LONG, (long) i * Long.BYTES);
                }
            }
        }

        @Override
        void pack(int offset, int length, byte[] wire) {
            copy(offset, length, wire);
        }

        @Override
        void addPacked(byte[] wire, int offset, int length) {
            mask(wire, offset, length, true);
        }

        @Override
        void centre() {
            // a long stands for itself
        }

        @Override
        void copy(int offset, int length, byte[] bytes) {
            for (int i = 0; i < length; i++) {
                LONGS.set(bytes, i * Long.BYTES, values[offset + i]);
            }
        }
    }
}
