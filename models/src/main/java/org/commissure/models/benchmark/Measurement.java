package org.commissure.models.benchmark;

/**
 * One contender's steps at one size. A step is forward, backward and Adam.
 *
 * @param cpuMillisBest CPU time of all threads
 * @param gigaflopsPerSecond by the best wall time
 * @param shareOfPeak of a matrix product's speed on as many threads, measured in between
 */
public record Measurement(
        Contender contender,
        double cpuMillisBest,
        double cpuMillisMedian,
        double wallMillisBest,
        double wallMillisMedian,
        double gigaflopsPerSecond,
        double shareOfPeak,
        long peakMemoryBytes) {}
