package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis from one round number to another.
 *
 * @param step between ticks: 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, double step) {
    private static final int STEPS = 5;

    /** The shortest that holds both values. */
    static Axis over(double minimum, double maximum) {
        double step = niceStep(Math.max(maximum - minimum, 1e-9) / STEPS);
        return new Axis(Math.floor(minimum / step) * step, Math.ceil(maximum / step) * step, step);
    }

    /** Where {@code value} lies: 0 at the low end, 1 at the high one. */
    double share(double value) {
        return (value - low) / (high - low);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (double tick = low; tick <= high + step / 2; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }

    boolean isZero(double tick) {
        return Math.abs(tick) < step / 2;
    }

    String label(double tick) {
        int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", tick + 0.0).replaceFirst("^-(0(\\.0+)?)$", "$1");
    }

    /** At least {@code raw}. */
    private static double niceStep(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double leading = raw / power;
        return power * (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10);
    }
}
