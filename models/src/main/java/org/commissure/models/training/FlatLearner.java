package org.commissure.models.training;

import java.util.Arrays;
import java.util.List;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;

/** A model that only gives gradients, for example a baseline: parameters and optimiser are flat arrays here. */
final class FlatLearner implements Learner {
    private final MaskedAutoencoder model;
    private final float[] ofExample;
    private final float[] mean;
    private float[] parameters = {};
    private float[] anchor = {};
    private FlatAdam adam;
    private boolean loaded;

    FlatLearner(MaskedAutoencoder model) {
        this.model = model;
        ofExample = new float[model.parameterCount()];
        mean = new float[model.parameterCount()];
        adam = new FlatAdam(model.configuration().layout(), AdamSettings.DEFAULT);
    }

    @Override
    public MaskedAutoencoder current() {
        if (!loaded) {
            model.loadParameters(parameters);
            loaded = true;
        }
        return model;
    }

    @Override
    public String device() {
        return "cpu, flat vectors";
    }

    @Override
    public void begin(float[] start, AdamSettings settings) {
        parameters = start.clone();
        anchor = start.clone();
        adam = new FlatAdam(model.configuration().layout(), settings);
        loaded = false;
        current();
    }

    @Override
    public void anchor(float[] start) {
        anchor = start.clone();
    }

    @Override
    public void load(OptimiserState state) {
        adam.load(state);
    }

    @Override
    public StepResult step(List<Example> batch, StepSettings settings) {
        double loss = 0;
        Arrays.fill(mean, 0);
        for (int i = 0; i < batch.size(); i++) {
            Example example = batch.get(i);
            double ofOne = current().gradient(example, ofExample);
            double norm = norm(ofExample);
            if (!Double.isFinite(ofOne) || !Double.isFinite(norm)) {
                throw new ArithmeticException("loss or gradient of example " + i + " of the batch is NaN or infinite");
            }
            loss += ofOne / batch.size();
            add(Math.min(1, settings.patientClipNorm().orElse(Double.POSITIVE_INFINITY) / norm) / batch.size());
        }
        if (settings.proximal() > 0) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (float) (settings.proximal() * (parameters[i] - anchor[i]));
            }
        }
        double norm = norm(mean);
        adam.step(
                parameters, mean, (float) Math.min(1, settings.maximumGradientNorm() / norm), settings.learningRate());
        loaded = false;
        return new StepResult(loss, norm);
    }

    private void add(double factor) {
        // A gradient of 0 makes the factor 0/0 or ∞/0; it adds nothing in any case.
        float f = Double.isFinite(factor) ? (float) factor : 0;
        for (int i = 0; i < mean.length; i++) {
            mean[i] += f * ofExample[i];
        }
    }

    private static double norm(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    @Override
    public float[] parameters() {
        return parameters.clone();
    }

    @Override
    public OptimiserState state() {
        return adam.state();
    }
}
