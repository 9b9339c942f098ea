package org.commissure.protocol.evaluation;

import java.util.Optional;

/**
 * The subgroups that an evaluation tells apart, the same in every study, so that sums of sites fit together. The order
 * is that of the vector: members are only ever added at the end, with a new layout.
 */
public enum Subgroup {
    FEMALE(Factor.SEX, "female"),
    MALE(Factor.SEX, "male"),
    AGE_BELOW_12(Factor.AGE, "below 12 years"),
    AGE_12_TO_17(Factor.AGE, "12 to 17 years"),
    AGE_18_TO_29(Factor.AGE, "18 to 29 years"),
    AGE_30_TO_49(Factor.AGE, "30 to 49 years"),
    AGE_50_TO_69(Factor.AGE, "50 to 69 years"),
    AGE_FROM_70(Factor.AGE, "70 years and above"),
    MOTION_LOW(Factor.MOTION, "motion below 0.2 mm"),
    MOTION_HIGH(Factor.MOTION, "motion 0.2 mm and above"),
    FIELD_BELOW_2_TESLA(Factor.SCANNER, "below 2 T"),
    FIELD_2_TO_4_TESLA(Factor.SCANNER, "2 to 4 T"),
    FIELD_ABOVE_4_TESLA(Factor.SCANNER, "above 4 T");

    /** What subgroups differ in; a patient is in at most one subgroup of each. */
    public enum Factor {
        SEX,
        AGE,
        MOTION,
        SCANNER
    }

    /** Mean framewise displacement from which motion is high (Power et al., NeuroImage 2012, use .2 to .5 mm). */
    private static final double HIGH_MOTION_MILLIMETRES = 0.2;

    private static final double[] AGE_STARTS = {0, 12, 18, 30, 50, 70};

    private final Factor factor;
    private final String label;

    Subgroup(Factor factor, String label) {
        this.factor = factor;
        this.label = label;
    }

    public Factor factor() {
        return factor;
    }

    /** As a report names it. */
    public String label() {
        return label;
    }

    /** Empty where {@code years} is no age. */
    public static Optional<Subgroup> ofAge(double years) {
        if (!(years >= 0) || !Double.isFinite(years)) {
            return Optional.empty();
        }
        int band = AGE_STARTS.length - 1;
        while (years < AGE_STARTS[band]) {
            band--;
        }
        return Optional.of(values()[AGE_BELOW_12.ordinal() + band]);
    }

    /** @param millimetres mean framewise displacement; empty where it is no distance */
    public static Optional<Subgroup> ofMotion(double millimetres) {
        if (!(millimetres >= 0) || !Double.isFinite(millimetres)) {
            return Optional.empty();
        }
        return Optional.of(millimetres < HIGH_MOTION_MILLIMETRES ? MOTION_LOW : MOTION_HIGH);
    }

    /** Empty where {@code tesla} is no field strength. */
    public static Optional<Subgroup> ofFieldStrength(double tesla) {
        if (!(tesla > 0) || !Double.isFinite(tesla)) {
            return Optional.empty();
        }
        return Optional.of(tesla < 2 ? FIELD_BELOW_2_TESLA : tesla <= 4 ? FIELD_2_TO_4_TESLA : FIELD_ABOVE_4_TESLA);
    }
}
