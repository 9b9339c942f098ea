package org.commissure.models.meanfield;

/**
 * A BOLD series by region, simulated or measured.
 *
 * @param values [frames, regions] by rows; not copied
 */
public record Bold(int frames, int regions, double[] values) {
    public Bold {
        if (frames < 1 || regions < 1 || values.length != Math.multiplyExact(frames, regions)) {
            throw new IllegalArgumentException(
                    values.length + " values are not " + frames + " frames of " + regions + " regions");
        }
    }

    /** Without the first {@code discarded} frames. */
    public Bold after(int discarded) {
        double[] kept = new double[(frames - discarded) * regions];
        System.arraycopy(values, discarded * regions, kept, 0, kept.length);
        return new Bold(frames - discarded, regions, kept);
    }

    /** Whether the simulation stayed in the range of numbers; σ or G may be so large that it does not. */
    public boolean isFinite() {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
