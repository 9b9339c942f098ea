package org.commissure.privacy.dp.pld;

import java.util.List;

/**
 * Where the composed loss is looked at, and under which tilt.
 *
 * <p>Masses are multiplied by e^(tilt·loss) before they are composed, so that the loss near ε, which is rare, becomes
 * typical: rounding is then relative to δ and not to 1. The tilt is the one of the best Chernoff bound.
 *
 * @param tilt above 0
 * @param cumulants ln E e^(tilt·loss) of one step of each kind
 * @param total their sum over all steps
 * @param low below it lies a negligible part of the tilted mass; what wraps around from there only adds to δ
 * @param high above it the same holds, and the untilted mass there is at most {@code above}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody writes after construction
record Window(double tilt, double[] cumulants, double total, double low, double high, double above) {
    /** Of δ: what may be cut off above. */
    private static final double CUT = 1e-8;

    /** ln of the tilted mass that may wrap around on either side. */
    private static final double LOG_WRAPPED = Math.log(1e-10);

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    static Window of(List<GridLoss> losses, long[] times, double delta) {
        double tilt = bestTilt(losses, times, delta);
        double[] cumulants = new double[times.length];
        double total = 0;
        for (int k = 0; k < times.length; k++) {
            cumulants[k] = losses.get(k).cumulant(tilt);
            total += times[k] * cumulants[k];
        }
        double logCut = Math.log(delta) + Math.log(CUT);
        double cut = Double.POSITIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        double low = Double.NEGATIVE_INFINITY;
        for (double factor = 1.0 / 64; factor <= 16; factor *= 1.5) {
            double step = factor * tilt;
            double further = cumulant(losses, times, tilt + step);
            cut = Math.min(cut, (further - logCut) / (tilt + step));
            high = Math.min(high, (further - total - LOG_WRAPPED) / step);
            low = Math.max(low, (LOG_WRAPPED - cumulant(losses, times, tilt - step) + total) / step);
        }
        return new Window(tilt, cumulants, total, low, Math.max(cut, high), delta * CUT);
    }

    /**
     * The same window for the same steps on a finer grid, whose loss the coarser one dominates: what was cut off
     * there bounds what is cut off here.
     */
    Window onFiner(List<GridLoss> losses, long[] times) {
        double[] finer = new double[times.length];
        double sum = 0;
        for (int k = 0; k < times.length; k++) {
            finer[k] = losses.get(k).cumulant(tilt);
            sum += times[k] * finer[k];
        }
        return new Window(tilt, finer, sum, low, high, above);
    }

    /** The tilt at which Chernoff's bound of ε, (cumulant − ln δ)/tilt, is smallest. */
    private static double bestTilt(List<GridLoss> losses, long[] times, double delta) {
        double logDelta = Math.log(delta);
        double a = Math.log(1e-3);
        double b = Math.log(1e7);
        double left = b - GOLDEN * (b - a);
        double right = a + GOLDEN * (b - a);
        double atLeft = chernoff(losses, times, logDelta, left);
        double atRight = chernoff(losses, times, logDelta, right);
        while (b - a > 1e-3) {
            if (atLeft < atRight) {
                b = right;
                right = left;
                atRight = atLeft;
                left = b - GOLDEN * (b - a);
                atLeft = chernoff(losses, times, logDelta, left);
            } else {
                a = left;
                left = right;
                atLeft = atRight;
                right = a + GOLDEN * (b - a);
                atRight = chernoff(losses, times, logDelta, right);
            }
        }
        return Math.exp((a + b) / 2);
    }

    private static double chernoff(List<GridLoss> losses, long[] times, double logDelta, double logTilt) {
        double tilt = Math.exp(logTilt);
        return (cumulant(losses, times, tilt) - logDelta) / tilt;
    }

    private static double cumulant(List<GridLoss> losses, long[] times, double tilt) {
        double sum = 0;
        for (int k = 0; k < times.length; k++) {
            sum += times[k] * losses.get(k).cumulant(tilt);
        }
        return sum;
    }
}
