package org.commissure.models.training;

import java.util.List;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;

/** A model that keeps parameters and optimiser where it computes. */
record InPlaceLearner(TrainableModel model) implements Learner {
    @Override
    public MaskedAutoencoder current() {
        return model;
    }

    @Override
    public String device() {
        return model.device();
    }

    @Override
    public void begin(float[] parameters, AdamSettings settings) {
        model.loadParameters(parameters);
        model.beginTraining(settings);
    }

    @Override
    public void anchor(float[] parameters) {
        model.setAnchor(parameters);
    }

    @Override
    public void load(OptimiserState state) {
        model.loadOptimiserState(state);
    }

    @Override
    public StepResult step(List<Example> batch, StepSettings settings) {
        return model.step(batch, settings);
    }

    @Override
    public float[] parameters() {
        float[] parameters = new float[model.parameterCount()];
        model.readParameters(parameters);
        return parameters;
    }

    @Override
    public OptimiserState state() {
        return model.optimiserState();
    }
}
