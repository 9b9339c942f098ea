package org.commissure.privacy.secagg;

/**
 * The integers modulo 2^bits in which a sum is taken. On the wire an element has {@code bits / 8} bytes,
 * little-endian, so that slow links carry half or three quarters; {@link RingVector} holds elements in memory.
 *
 * @param bits 16, 24, 32 or 64
 */
public record Ring(int bits) {

    /** Whether sums can be taken in a ring of so many bits. */
    public static boolean supports(int bits) {
        return bits == 16 || bits == 24 || bits == 32 || bits == 64;
    }

    /** Bytes of one element on the wire. */
    public int bytes() {
        return bits / Byte.SIZE;
    }
}
