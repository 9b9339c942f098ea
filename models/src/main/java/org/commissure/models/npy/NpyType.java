package org.commissure.models.npy;

/** Element types that are read; all little-endian. */
public enum NpyType {
    FLOAT32("<f4", Float.BYTES),
    FLOAT64("<f8", Double.BYTES),
    INT32("<i4", Integer.BYTES),
    INT64("<i8", Long.BYTES);

    private final String descr;
    private final int bytes;

    NpyType(String descr, int bytes) {
        this.descr = descr;
        this.bytes = bytes;
    }

    /** NumPy's name of the type in a file's header. */
    String descr() {
        return descr;
    }

    int bytes() {
        return bytes;
    }

    public boolean isFloatingPoint() {
        return this == FLOAT32 || this == FLOAT64;
    }
}
