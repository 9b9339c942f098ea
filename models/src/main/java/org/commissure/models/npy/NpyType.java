package org.commissure.models.npy;

/** Element types that are read, of either byte order. */
public enum NpyType {
    FLOAT32("f4", Float.BYTES),
    FLOAT64("f8", Double.BYTES),
    INT32("i4", Integer.BYTES),
    INT64("i8", Long.BYTES);

    private final String kind;
    private final int bytes;

    NpyType(String kind, int bytes) {
        this.kind = kind;
        this.bytes = bytes;
    }

    /** NumPy's name of the type in a file's header, behind the sign of the byte order. */
    String kind() {
        return kind;
    }

    int bytes() {
        return bytes;
    }

    public boolean isFloatingPoint() {
        return this == FLOAT32 || this == FLOAT64;
    }
}
