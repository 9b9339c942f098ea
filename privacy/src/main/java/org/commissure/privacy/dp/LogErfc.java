package org.commissure.privacy.dp;

/** ln erfc(x), which stays accurate where erfc itself underflows. */
final class LogErfc {
    private static final double LN_2 = Math.log(2);
    private static final double SQRT_PI = Math.sqrt(Math.PI);

    /** Where the series of erf hands over to the continued fraction of erfc. */
    private static final double SERIES_LIMIT = 1;

    private LogErfc() {}

    static double of(double x) {
        if (x < 0) {
            return LN_2 + Math.log1p(-Math.exp(of(-x)) / 2); // erfc(x) = 2 − erfc(−x)
        }
        if (x < SERIES_LIMIT) {
            return Math.log1p(-erf(x));
        }
        return -x * x - Math.log(SQRT_PI * continuedFraction(x));
    }

    /** Abramowitz and Stegun 7.1.6: erf x = 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, all terms positive. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / SQRT_PI * Math.exp(-x * x) * sum;
    }

    /**
     * Abramowitz and Stegun 7.1.14: √π·e^(x²)·erfc x = 1/(x + ½/(x + 1/(x + (3/2)/(x + …)))). Returns
     * the denominator, by the modified Lentz method; every part is positive, so nothing cancels.
     */
    private static double continuedFraction(double x) {
        double value = x;
        double c = x;
        double d = 0;
        for (int n = 1; n < 10_000; n++) {
            double a = n / 2.0;
            d = 1 / (x + a * d);
            c = x + a / c;
            double factor = c * d;
            value *= factor;
            if (Math.abs(factor - 1) < 3e-16) { // one step of rounding
                break;
            }
        }
        return value;
    }
}
