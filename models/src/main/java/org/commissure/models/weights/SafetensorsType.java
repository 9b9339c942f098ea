package org.commissure.models.weights;

import java.nio.ByteBuffer;

/** Element types of the format. Only floating point is read; the others may stand in a file beside what is. */
enum SafetensorsType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    F8_E4M3(1),
    F8_E5M2(1),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U64(8),
    U32(4),
    U16(2),
    U8(1),
    BOOL(1);

    private final int bytes;

    SafetensorsType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    boolean isRead() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** The next value as float32, float64 rounded. Only for types that {@link #isRead are read}. */
    float next(ByteBuffer littleEndian) {
        return switch (this) {
            case F64 -> (float) littleEndian.getDouble();
            case F32 -> littleEndian.getFloat();
            case F16 -> Float.float16ToFloat(littleEndian.getShort());
            case BF16 -> Float.intBitsToFloat(littleEndian.getShort() << 16);
            default -> throw new IllegalStateException(this + " is not read");
        };
    }
}
