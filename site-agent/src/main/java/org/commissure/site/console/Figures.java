package org.commissure.site.console;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How numbers and times are written. */
final class Figures {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Figures() {}

    /** Rounded up: what was spent is never shown as less. */
    static String epsilon(double epsilon) {
        return Double.isFinite(epsilon)
                ? String.format(Locale.ROOT, "%.4f", Math.ceil(epsilon * 1e4) / 1e4)
                : "without bound";
    }

    /** A limit, as the policy states it. */
    static String limit(double epsilon) {
        return BigDecimal.valueOf(epsilon).stripTrailingZeros().toPlainString();
    }

    static String delta(double delta) {
        return String.format(Locale.ROOT, "%.1e", delta);
    }

    static String time(Instant when) {
        return MINUTE.format(when);
    }

    static String time(long unixMs) {
        return time(Instant.ofEpochMilli(unixMs));
    }

    static String percent(double part) {
        return Math.round(100 * part) + " %";
    }

    /** The first digits of a hash. */
    static String brief(String hash) {
        return hash.length() <= 12 ? hash : hash.substring(0, 12);
    }
}
