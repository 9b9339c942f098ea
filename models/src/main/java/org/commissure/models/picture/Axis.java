package org.commissure.models.picture;

/** A vertical axis over {@code height} units below {@code top}, with round ticks. */
public record Axis(double low, double high, double tick, double top, double height) {
    private static final int TICKS = 5;

    /** An axis that covers both values. */
    public static Axis over(double low, double high, double top, double height) {
        double raw = Math.max(high - low, 1e-9) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double share = raw / power;
        double tick = power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
        return new Axis(Math.floor(low / tick) * tick, Math.ceil(high / tick) * tick, tick, top, height);
    }

    /** Where a value lies; one beyond the axis lies at its end. */
    public double y(double value) {
        return top + height * (high - Math.clamp(value, low, high)) / (high - low);
    }

    /** Grid lines and numbers from {@code left} to {@code right}. */
    public void draw(SvgPage page, double left, double right) {
        long last = Math.round(high / tick);
        for (long i = Math.round(low / tick); i <= last; i++) {
            page.line("grid", left, y(i * tick), right, y(i * tick));
            page.text(left - 8, y(i * tick) + 4, "end", "", SvgPage.number(i * tick));
        }
        page.line("axis", left, top + height, right, top + height);
    }
}
