package org.commissure.site.cli;

import java.util.Locale;
import org.commissure.models.evaluation.Bootstrap.Interval;

/** A 95 % interval for people. */
final class IntervalText {
    private IntervalText() {}

    /** {@code 0.612 [0.540, 0.683]}. */
    static String of(Interval interval) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.estimate(), interval.low(), interval.high());
    }
}
