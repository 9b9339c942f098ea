package org.commissure.models.golden;

import java.util.OptionalDouble;

/**
 * A difference passes if it is at most {@code absolute + relative · |reference|}; {@link Kind} says what the difference
 * and the reference are. If neither is given, each kind has its own: predictions 2e-4, trained parameters 1e-5 (both
 * absolute), loss 1e-5, gradients and what training does to them 1e-3 (all relative). If one is given, the other is 0. Masks must always be equal.
 */
public record Tolerances(OptionalDouble absolute, OptionalDouble relative) {
    /** Each kind's own. */
    public static final Tolerances DEFAULT = new Tolerances(OptionalDouble.empty(), OptionalDouble.empty());

    public Tolerances {
        check("absolute", absolute);
        check("relative", relative);
    }

    double bound(Kind kind, double reference) {
        if (kind == Kind.EXACT) {
            return 0;
        }
        boolean given = absolute.isPresent() || relative.isPresent();
        return given
                ? absolute.orElse(0) + relative.orElse(0) * Math.abs(reference)
                : kind.absolute() + kind.relative() * Math.abs(reference);
    }

    private static void check(String name, OptionalDouble tolerance) {
        if (tolerance.isPresent() && !(tolerance.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    name + " tolerance is " + tolerance.getAsDouble() + "; it must not be negative");
        }
    }
}
