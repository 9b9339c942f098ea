package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** Hashes of summed vectors. */
public final class SumHash {
    private static final int CHUNK_VALUES = 1 << 16;

    private SumHash() {}

    /** SHA-256 over the vector as little-endian int32. */
    public static ByteString sha256(int[] sum) {
        MessageDigest digest = UploadSpool.sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_VALUES * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < sum.length; done += CHUNK_VALUES) {
            int count = Math.min(CHUNK_VALUES, sum.length - done);
            chunk.clear();
            chunk.asIntBuffer().put(sum, done, count);
            digest.update(chunk.array(), 0, count * Integer.BYTES);
        }
        return ByteString.copyFrom(digest.digest());
    }
}
