package org.commissure.models.finetune;

import java.util.Arrays;

/**
 * From a regression's targets to numbers of size 1 and back. What it needs to know comes from training patients only.
 *
 * @param mean subtracted by {@link Kind#Z_SCORE}
 * @param divisor standard deviation, or the largest {@code log(1 + x)}
 */
public record TargetScale(Kind kind, double mean, double divisor) {

    /** Which scale. */
    public enum Kind {
        /** {@code (x − mean) / deviation}: age. */
        Z_SCORE,
        /** {@code log(1 + x) / max}: symptom scores with many zeros (BrainLM's for PCL and GAD-7). */
        LOG_MAX
    }

    public TargetScale {
        if (!Double.isFinite(mean) || !(divisor > 0 && divisor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a scale of mean " + mean + " and divisor " + divisor
                    + " is none: do all patients have the same target?");
        }
    }

    /** @throws IllegalArgumentException if all targets are the same, or not positive enough for a logarithm */
    static TargetScale of(Kind kind, double[] targets) {
        if (kind == Kind.LOG_MAX) {
            if (Arrays.stream(targets).anyMatch(t -> t < 0)) {
                throw new IllegalArgumentException("a target is negative; log(1 + x) is for scores from 0");
            }
            return new TargetScale(
                    kind, 0, Arrays.stream(targets).map(Math::log1p).max().orElse(0));
        }
        double mean = Arrays.stream(targets).average().orElse(Double.NaN);
        double variance = Arrays.stream(targets)
                .map(t -> (t - mean) * (t - mean))
                .average()
                .orElse(Double.NaN);
        return new TargetScale(kind, mean, Math.sqrt(variance));
    }

    double scaled(double target) {
        return kind == Kind.LOG_MAX ? Math.log1p(target) / divisor : (target - mean) / divisor;
    }

    double original(double scaled) {
        return kind == Kind.LOG_MAX ? Math.expm1(scaled * divisor) : scaled * divisor + mean;
    }
}
