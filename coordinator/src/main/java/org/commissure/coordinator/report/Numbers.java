package org.commissure.coordinator.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.commissure.protocol.evaluation.Interval;
import org.jspecify.annotations.Nullable;

/** How numbers are printed, the same in every view. */
final class Numbers {
    private Numbers() {}

    /** R² and MSE. */
    static String score(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** Such as {@code 0.123 [0.100, 0.150]}. */
    static String withInterval(double value, @Nullable Interval interval) {
        return interval == null
                ? String.format(Locale.ROOT, "%.3f", value)
                : String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, interval.low(), interval.high());
    }

    /** An upper bound, so it is rounded up. */
    static String epsilon(double value) {
        return new BigDecimal(value).setScale(3, RoundingMode.CEILING).toPlainString();
    }

    /** A remainder of a budget, so it is rounded down. */
    static String epsilonLeft(double value) {
        return new BigDecimal(value).setScale(3, RoundingMode.FLOOR).toPlainString();
    }

    /** Such as {@code 1e-5}. */
    static String delta(double value) {
        return Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }

    /** With the decimal unit that fits. */
    static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : bytes < 1_000_000_000
                        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }
}
