package org.commissure.models.harmonise;

/** (x − median)/IQR, bounded to ±{@link #BOUND}. */
public record RobustScale(double median, double interquartileRange) {
    /** About 6.7 standard deviations of a normal variable: what lies beyond is an artefact of one scan. */
    public static final double BOUND = 5;

    public double of(double value) {
        return Math.clamp((value - median) / interquartileRange, -BOUND, BOUND);
    }
}
