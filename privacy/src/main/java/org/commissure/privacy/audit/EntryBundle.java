package org.commissure.privacy.audit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Up to 256 entries in one file, each behind its length in 16 bits, big-endian (C2SP tlog-tiles). */
final class EntryBundle {
    private EntryBundle() {}

    static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > EntryCheck.MAXIMUM_BYTES) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
            }
            out.write(entry.length >>> 8);
            out.write(entry.length);
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    /** The first {@code width} entries; fewer where the bundle ends early or inside one. */
    static List<byte[]> decode(byte[] bundle, int width) {
        List<byte[]> entries = new ArrayList<>(width);
        int at = 0;
        while (entries.size() < width && at + 2 <= bundle.length) {
            int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
            if (at + 2 + length > bundle.length) {
                break;
            }
            entries.add(Arrays.copyOfRange(bundle, at + 2, at + 2 + length));
            at += 2 + length;
        }
        return entries;
    }
}
