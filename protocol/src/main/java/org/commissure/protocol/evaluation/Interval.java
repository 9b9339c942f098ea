package org.commissure.protocol.evaluation;

/** A 95 % interval, unless said otherwise; {@code low <= high}. */
public record Interval(double low, double high) {
    Interval clamped(double least, double most) {
        return new Interval(Math.clamp(low, least, most), Math.clamp(high, least, most));
    }
}
