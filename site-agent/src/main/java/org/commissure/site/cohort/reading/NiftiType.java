package org.commissure.site.cohort.reading;

import java.nio.ByteBuffer;

/** Voxel types that are read, by their codes in nifti1.h; complex numbers and colours are not. */
enum NiftiType {
    UINT8(2, 1),
    INT16(4, 2),
    INT32(8, 4),
    FLOAT32(16, 4),
    FLOAT64(64, 8),
    INT8(256, 1),
    UINT16(512, 2),
    UINT32(768, 4),
    INT64(1024, 8);

    private final int code;
    private final int bytes;

    NiftiType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    static NiftiType of(int code) throws UnreadableSeriesException {
        for (NiftiType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw UnreadableSeriesException.unsupported(
                "its values are of NIfTI data type " + code + ", not real numbers of at most 64 bits");
    }

    int bytes() {
        return bytes;
    }

    double next(ByteBuffer buffer) {
        return switch (this) {
            case UINT8 -> buffer.get() & 0xff;
            case INT16 -> buffer.getShort();
            case INT32 -> buffer.getInt();
            case FLOAT32 -> buffer.getFloat();
            case FLOAT64 -> buffer.getDouble();
            case INT8 -> buffer.get();
            case UINT16 -> buffer.getShort() & 0xffff;
            case UINT32 -> buffer.getInt() & 0xffff_ffffL;
            case INT64 -> buffer.getLong();
        };
    }
}
