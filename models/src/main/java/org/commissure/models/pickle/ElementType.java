package org.commissure.models.pickle;

import java.nio.ByteBuffer;

/** What a storage holds, little-endian. Only floating point is read. */
enum ElementType {
    FLOAT32(4),
    FLOAT64(8),
    FLOAT16(2),
    BFLOAT16(2),
    INT64(8),
    INT32(4),
    INT16(2),
    INT8(1),
    UINT8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    boolean isFloatingPoint() {
        return this == FLOAT32 || this == FLOAT64 || this == FLOAT16 || this == BFLOAT16;
    }

    /** The {@code index}-th value as float32, float64 rounded. Only for floating point. */
    float at(ByteBuffer storage, int index) {
        int at = index * bytes;
        return switch (this) {
            case FLOAT32 -> storage.getFloat(at);
            case FLOAT64 -> (float) storage.getDouble(at);
            case FLOAT16 -> Float.float16ToFloat(storage.getShort(at));
            case BFLOAT16 -> Float.intBitsToFloat(storage.getShort(at) << 16);
            default -> throw new IllegalStateException(this + " is not floating point");
        };
    }
}
