package org.commissure.models.meanfield.simulation;

/**
 * One step of the scheme for all candidates of a {@link LaneBlock}, in single precision. Implementations do the same
 * operations in the same order and so give the same bits. Thread-safe, hold nothing.
 */
interface LaneKernel {
    /** Candidates that are advanced by one instruction; a block holds as many or twice as many. */
    int width();

    /** For people: "512-bit vectors". */
    String label();

    /** S of all regions from {@code gating} into {@code next}. */
    void gatingStep(LaneBlock block, float[] gating, float[] next, float[] noise, int noiseAt);

    /** z, f, v and q of all regions, driven by S. */
    void haemodynamicStep(LaneBlock block, float[] drive);

    /** Notes the smallest and largest volume of each lane since the beginning. */
    void watch(LaneBlock block);
}
