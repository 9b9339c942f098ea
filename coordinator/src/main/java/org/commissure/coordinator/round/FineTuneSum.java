package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.evaluation.ClassesMetrics;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SumKind;

/**
 * What is a fine-tuning's own: the vector it starts from, and the scores. Its TRAIN sums are those of any network, and
 * the vector is opaque: how far encoder and head are from where they began.
 */
final class FineTuneSum {
    /** Of fewer patients nothing can be told apart. */
    private static final int FEWEST_OF_A_CLASS = 2;

    private FineTuneSum() {}

    /** The vector that a run starts from: nothing has changed. */
    static ModelStore.StoredModel initial(ModelStore models, Study study) throws IOException {
        FineTuneVector vector = FineTuneVector.of(study);
        Map<String, Integer> tensors = new LinkedHashMap<>();
        vector.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor.length()));
        return models.zeros(tensors);
    }

    /**
     * What becomes of an opened sum that is not one of training: scores, or a block of what the baselines publish.
     *
     * @param models of the run
     */
    static RunEvent.SumComputed computed(
            RunState run, ModelStore models, int[] sum, int survivors, ByteString sha256, long at)
            throws IOException, UpdateStep.UnusableSumException {
        Study study = run.plan().study();
        FineTunePlan plan = study.finetune().orElseThrow();
        int trained = FineTuneVector.of(study).trained();
        if (run.sum().kind() != SumKind.EVALUATE) {
            return PhenotypeSum.computed(
                    run, study.baselines().orElseThrow(), trained, models, sum, survivors, sha256, at);
        }
        PhenotypeResult result;
        try {
            double[] values = ExactSums.decode(sum, survivors);
            if (StudySums.scoresBaselines(study, run.sum().round())) {
                ExactValues.requireContributions(values, survivors, "not every survivor scored the baselines");
                result = PhenotypeResult.of(
                        study, values, models.open(run.modelSha256()).values(), survivors);
            } else {
                result = PhenotypeResult.of(PhenotypeResult.scores(plan, values), survivors);
            }
        } catch (IllegalArgumentException e) {
            throw new UpdateStep.UnusableSumException("the scores cannot be read: " + e.getMessage());
        }
        checkVaries(plan, result.scores().getFirst().metrics());
        return new RunEvent.SumComputed(
                at, run.sum(), sha256, run.modelSha256(), null, null, result, null, null, Map.of());
    }

    private static void checkVaries(FineTunePlan plan, PredictionMetrics metrics)
            throws UpdateStep.UnusableSumException {
        List<String> classes = plan.target().classes().orElse(List.of());
        List<Long> members = switch (metrics) {
            case RegressionMetrics numeric -> {
                if (numeric.r2() == null) {
                    throw new UpdateStep.UnusableSumException(
                            "the column " + plan.target().column() + " does not vary over the external patients");
                }
                yield List.of();
            }
            case ClassificationMetrics two -> List.of(two.patients() - two.ones(), two.ones());
            case ClassesMetrics several ->
                several.againstRest().stream().map(ClassificationMetrics::ones).toList();
        };
        int[] rare = IntStream.range(0, members.size())
                .filter(which -> members.get(which) < FEWEST_OF_A_CLASS)
                .toArray();
        if (rare.length > 0) {
            throw new UpdateStep.UnusableSumException("the class " + classes.get(rare[0]) + " of the column "
                    + plan.target().column() + " has fewer than two external patients at all sites together; correct"
                    + " finetune.target.classes, or seal a larger finetune.external_fraction");
        }
    }
}
