package org.commissure.coordinator.round;

import java.io.IOException;
import java.util.Optional;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.ServerStep;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.protocol.study.ServerOptimiser;
import org.commissure.protocol.study.Study;

/** The model that follows from a round's averaged update, by the study's server optimiser or plainly. */
final class NextModel {
    private NextModel() {}

    static ModelStore.StoredModel of(RunState run, ModelStore models, UpdateStep update)
            throws IOException, UpdateStep.UnusableSumException {
        Study.Rounds rounds = run.plan().study().rounds();
        Optional<ServerOptimiser> optimiser = rounds.serverOptimiser();
        ModelStore.StoredModel before = models.open(run.modelSha256());
        if (optimiser.isEmpty()) {
            return update.apply(models, before);
        }
        boolean isFirst = run.modelSha256().equals(run.plan().initialModelSha256());
        return new ServerStep(optimiser.get(), rounds.serverLearningRate()).apply(models, before, update, isFirst);
    }
}
