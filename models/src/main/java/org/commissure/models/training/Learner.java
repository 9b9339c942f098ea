package org.commissure.models.training;

import java.util.List;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;

/** What training needs of a model, whether it trains in place or only knows gradients. Not thread-safe. */
sealed interface Learner permits InPlaceLearner, FlatLearner {

    static Learner of(MaskedAutoencoder model) {
        return model instanceof TrainableModel trainable ? new InPlaceLearner(trainable) : new FlatLearner(model);
    }

    /** The model with the current parameters loaded, for evaluation. */
    MaskedAutoencoder current();

    /** Names the engine; a run resumed on another one is not the same to the bit. */
    String device();

    /** Starts at {@code parameters}, which are also FedProx's w₀. */
    void begin(float[] parameters, AdamSettings settings);

    /** Goes on from a checkpoint. @param anchor FedProx's w₀ */
    default void resume(float[] parameters, float[] anchor, OptimiserState state, AdamSettings settings) {
        begin(parameters, settings);
        anchor(anchor);
        load(state);
    }

    void anchor(float[] parameters);

    void load(OptimiserState state);

    /**
     * One step on the mean loss of a batch.
     *
     * @throws ArithmeticException if loss or gradient is not finite; parameters are then unchanged
     */
    StepResult step(List<Example> batch, StepSettings settings);

    /** A copy. */
    float[] parameters();

    /** A copy. */
    OptimiserState state();
}
