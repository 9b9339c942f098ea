package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sets of site indices 1..n as bitmaps: bit {@code index - 1}, least significant bit first, in
 * ⌈n/8⌉ bytes. Every set has exactly one bitmap.
 */
public final class Bitmaps {
    private Bitmaps() {}

    /** @throws IllegalArgumentException if an index lies outside 1..n */
    public static ByteString of(Set<Integer> indices, int n) {
        byte[] bits = new byte[(n + 7) / 8];
        for (int index : indices) {
            if (index < 1 || index > n) {
                throw new IllegalArgumentException("index " + index + " is not among 1.." + n);
            }
            bits[(index - 1) / 8] |= (byte) (1 << (index - 1) % 8);
        }
        return ByteString.copyFrom(bits);
    }

    /** @throws IllegalArgumentException if the length is wrong or a bit beyond n is set */
    public static SortedSet<Integer> indices(ByteString bitmap, int n) {
        if (bitmap.size() != (n + 7) / 8) {
            throw new IllegalArgumentException("a bitmap of " + bitmap.size() + " bytes for " + n + " sites");
        }
        SortedSet<Integer> indices = new TreeSet<>();
        for (int bit = 0; bit < bitmap.size() * 8; bit++) {
            if ((bitmap.byteAt(bit / 8) >> bit % 8 & 1) == 0) {
                continue;
            }
            if (bit >= n) {
                throw new IllegalArgumentException("a bitmap for " + n + " sites that names site " + (bit + 1));
            }
            indices.add(bit + 1);
        }
        return Collections.unmodifiableSortedSet(indices);
    }
}
