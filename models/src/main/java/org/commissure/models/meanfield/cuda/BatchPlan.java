package org.commissure.models.meanfield.cuda;

import org.commissure.models.meanfield.statistics.ConnectivityDynamics;

/**
 * How a call fits into the GPU's memory.
 *
 * @param candidates simulated at once
 * @param noiseSteps steps whose noise is on the GPU at once
 */
record BatchPlan(int candidates, int noiseSteps) {
    /** The published simulation of 68 regions needs 26 MiB, so that it runs in one launch. */
    private static final long NOISE_BYTES = 64L << 20;

    /** Numbers of a candidate: four parameters and five states a region. */
    private static final int NUMBERS_OF_A_REGION = 9;

    /** More at once do not make a GPU faster, and the host's copies of results stay small. */
    static final int MAXIMUM_CANDIDATES = 4_096;

    /** What is not ours to take: the driver's own needs, and fragments. */
    private static final double USABLE = 0.9;

    /**
     * @param windows of the dynamics; 0 without
     * @throws IllegalStateException if not even one candidate fits
     */
    static BatchPlan of(KernelSource source, int candidates, int windows, long freeBytes) {
        int noiseSteps = (int) Math.clamp(
                NOISE_BYTES / floats(source.regions()), 1, source.timing().totalSteps());
        long shared = floats((long) noiseSteps * source.regions())
                + floats((long) source.regions() * source.regions())
                + floats(source.pairs());
        long each = bytesOfACandidate(source, windows);
        long fitting = ((long) (freeBytes * USABLE) - shared) / each;
        if (fitting < 1) {
            throw new IllegalStateException("the GPU has " + (freeBytes >> 20)
                    + " MiB of free memory, and one candidate of "
                    + source.regions() + " regions with " + windows + " windows needs " + ((shared + each) >> 20)
                    + " MiB; end other programs that nvidia-smi lists, raise the stride, or choose device cpu");
        }
        return new BatchPlan((int) Math.min(Math.min(candidates, fitting), MAXIMUM_CANDIDATES), noiseSteps);
    }

    static long bytesOfACandidate(KernelSource source, int windows) {
        long regions = source.regions();
        long series = source.timing().frames() * regions;
        long connectivity = (windows + 1L) * source.paddedPairs();
        return floats(NUMBERS_OF_A_REGION * regions + series + connectivity + ConnectivityDynamics.BINS);
    }

    private static long floats(long count) {
        return count * Float.BYTES;
    }
}
