package org.commissure.models.finetune;

import java.util.OptionalDouble;

/**
 * One window of a patient with what shall be predicted.
 *
 * @param patient any number that windows of one patient share; it decides on which side of a split they fall
 * @param window {@code [parcels, windowFrames]}, row-major; not copied
 * @param repetitionTimeSeconds of the window's scan, for encoders that embed it
 * @param target the number, or the class
 */
@SuppressWarnings("ArrayRecordComponent") // on its way into a model; never compared
public record LabelledWindow(int patient, float[] window, OptionalDouble repetitionTimeSeconds, double target) {
    public LabelledWindow {
        if (!Double.isFinite(target)) {
            throw new IllegalArgumentException("a window's target is " + target + "; leave the patient out instead");
        }
    }

    /** A window whose repetition time is not known. */
    public LabelledWindow(int patient, float[] window, double target) {
        this(patient, window, OptionalDouble.empty(), target);
    }

    /** The target as a class. */
    int label() {
        return (int) target;
    }
}
