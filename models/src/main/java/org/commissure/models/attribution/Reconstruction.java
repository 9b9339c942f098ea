package org.commissure.models.attribution;

import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.InputGradients;

/**
 * How well a model predicts what is masked, as a function of what it sees: minus the loss, so that what helps counts
 * positive. The masked values are the truth that is predicted; they stay what they are whatever window is asked about.
 */
public final class Reconstruction implements Explained {
    private final InputGradients model;
    private final Example example;
    private final boolean[] masked;

    /**
     * @param masked for each value of the window, whether it is to be predicted
     * @throws IllegalArgumentException if that is not one for each value
     */
    public Reconstruction(InputGradients model, Example example, boolean[] masked) {
        if (masked.length != example.window().length) {
            throw new IllegalArgumentException(
                    masked.length + " values are masked or not, of " + example.window().length);
        }
        this.model = model;
        this.example = example;
        this.masked = masked.clone();
    }

    @Override
    public double at(float[] window, float[] gradientOut) {
        float[] seen = window.clone();
        for (int i = 0; i < seen.length; i++) {
            if (masked[i]) {
                seen[i] = example.window()[i];
            }
        }
        double loss =
                model.inputGradient(new Example(seen, example.mask(), example.repetitionTimeSeconds()), gradientOut);
        for (int i = 0; i < gradientOut.length; i++) {
            gradientOut[i] = -gradientOut[i];
        }
        return -loss;
    }
}
