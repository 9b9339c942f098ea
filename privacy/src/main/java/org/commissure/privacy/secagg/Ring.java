package org.commissure.privacy.secagg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The integers modulo 2^bits in which a sum is taken. In memory an element is an {@code int} of which
 * the low bits count: arithmetic modulo 2^32 is also right modulo 2^16 and 2^24. On the wire an
 * element has {@code bits / 8} bytes, little-endian, so that slow links carry half or three quarters.
 *
 * @param bits 16, 24 or 32
 */
public record Ring(int bits) {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /** Whether sums can be taken in a ring of so many bits. */
    public static boolean supports(int bits) {
        return bits == 16 || bits == 24 || bits == 32;
    }

    /** Bytes of one element on the wire. */
    public int bytes() {
        return bits / Byte.SIZE;
    }

    /** Writes {@code vector[offset .. offset+length)} to the beginning of {@code wire}. */
    void pack(int[] vector, int offset, int length, byte[] wire) {
        switch (bits) {
            case 32 -> {
                for (int i = 0; i < length; i++) {
                    INTS.set(wire, i * 4, vector[offset + i]);
                }
            }
            case 16 -> {
                for (int i = 0; i < length; i++) {
                    SHORTS.set(wire, i * 2, (short) vector[offset + i]);
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    int element = vector[offset + i];
                    SHORTS.set(wire, i * 3, (short) element);
                    wire[i * 3 + 2] = (byte) (element >> 16);
                }
            }
        }
    }

    /** Adds the first {@code length} elements of {@code wire} to {@code vector} from {@code offset} on. */
    void add(byte[] wire, int[] vector, int offset, int length) {
        switch (bits) {
            case 32 -> {
                for (int i = 0; i < length; i++) {
                    vector[offset + i] += (int) INTS.get(wire, i * 4);
                }
            }
            case 16 -> {
                for (int i = 0; i < length; i++) {
                    vector[offset + i] += (short) SHORTS.get(wire, i * 2);
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    vector[offset + i] += (short) SHORTS.get(wire, i * 3) & 0xffff | wire[i * 3 + 2] << 16;
                }
            }
        }
    }

    /** Each element as the number between -2^(bits-1) and 2^(bits-1) that it stands for, in place. */
    void centre(int[] vector) {
        int unused = Integer.SIZE - bits;
        if (unused > 0) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = vector[i] << unused >> unused;
            }
        }
    }
}
