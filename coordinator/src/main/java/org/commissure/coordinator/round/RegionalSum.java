package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.commissure.coordinator.aggregation.BlockStep;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.v1.SumKind;

/**
 * What becomes of an opened sum of a regional study: opaque numbers that are published as they are. The
 * last one counts who contributed, which must be one site for FIT and every survivor otherwise.
 */
final class RegionalSum {
    private RegionalSum() {}

    /** The vector that a run starts from: all blocks zero. */
    static ModelStore.StoredModel initial(ModelStore models, RegionalPlan plan) throws IOException {
        RegionalVectors vectors = RegionalVectors.of(plan);
        Map<String, Integer> tensors = new LinkedHashMap<>();
        tensors.put("statistics", vectors.length(SumKind.STATISTICS));
        tensors.put("fit", vectors.length(SumKind.FIT));
        tensors.put("refinement", vectors.length(SumKind.REFINE));
        return models.zeros(tensors);
    }

    static RunEvent.SumComputed computed(
            RunState run, RegionalPlan plan, ModelStore models, int[] sum, int survivors, ByteString sha256, long at)
            throws IOException, UpdateStep.UnusableSumException {
        double[] values = ExactValues.of(sum, survivors, RegionalVectors.SCALE);
        SumKind kind = run.sum().kind();
        ExactValues.requireContributions(
                values,
                kind == SumKind.FIT ? 1 : survivors,
                kind == SumKind.FIT
                        ? "the elected site contributed no parameters"
                        : "not every survivor contributed to the sum");
        if (kind == SumKind.EVALUATE) {
            RegionalScores scores = RegionalScores.of(Arrays.copyOf(values, values.length - 1), survivors);
            return new RunEvent.SumComputed(
                    at, run.sum(), sha256, run.modelSha256(), null, scores, null, null, null, Map.of());
        }
        ModelStore.StoredModel next = BlockStep.apply(
                models, models.open(run.modelSha256()), RegionalVectors.of(plan).offset(kind), values);
        return new RunEvent.SumComputed(at, run.sum(), sha256, next.sha256(), null);
    }
}
