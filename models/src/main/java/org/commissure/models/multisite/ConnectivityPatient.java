package org.commissure.models.multisite;

/**
 * One patient of a two-class comparison. Each row is the Fisher-z transformed upper triangle of a parcel × parcel
 * correlation matrix.
 *
 * @param family those who share it are always in one fold; a patient's own name where none is known
 * @param label 0 or 1
 * @param windows {@code [windows][pairs]}, of short windows of the scan; not copied
 * @param scan {@code [pairs]}, of the whole scan; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // on its way into a model; never compared
public record ConnectivityPatient(String family, int label, float[][] windows, float[] scan) {
    public ConnectivityPatient {
        if (label != 0 && label != 1) {
            throw new IllegalArgumentException("a patient's class is " + label + ", not 0 or 1");
        }
        if (windows.length == 0) {
            throw new IllegalArgumentException("a patient has no window");
        }
        for (float[] window : windows) {
            if (window.length != scan.length) {
                throw new IllegalArgumentException(
                        "a window has " + window.length + " pairs, but the scan " + scan.length);
            }
        }
    }
}
