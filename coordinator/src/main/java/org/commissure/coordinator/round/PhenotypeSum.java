package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.coordinator.aggregation.BlockStep;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.PublishedDoubles;
import org.commissure.protocol.v1.SumKind;

/**
 * What becomes of an opened sum of a study of kind phenotype. Numbers to compute with are published as they are; the
 * coordinator itself reads how far coefficients moved, how many patients overlap, and the scores.
 */
final class PhenotypeSum {
    private PhenotypeSum() {}

    /** The vector that a run starts from: all blocks zero. */
    static ModelStore.StoredModel initial(ModelStore models, PhenotypePlan plan) throws IOException {
        PhenotypeVectors vectors = PhenotypeVectors.of(plan);
        Map<String, Integer> tensors = new LinkedHashMap<>();
        plan.course().stream()
                .distinct()
                .forEach(kind -> tensors.put(
                        kind.name().toLowerCase(Locale.ROOT), PublishedDoubles.FLOATS * vectors.length(kind)));
        return models.zeros(tensors);
    }

    /** @param base where the plan's blocks begin in the run's vector */
    static RunEvent.SumComputed computed(
            RunState run,
            PhenotypePlan plan,
            int base,
            ModelStore models,
            int[] sum,
            int survivors,
            ByteString sha256,
            long at)
            throws IOException, UpdateStep.UnusableSumException {
        PhenotypeVectors vectors = PhenotypeVectors.of(plan);
        SumKind kind = run.sum().kind();
        double[] values = ExactValues.of(sum, survivors, vectors.scale(kind));
        ExactValues.requireContributions(values, survivors, "not every survivor contributed to the sum");
        if (kind == SumKind.OVERLAP) {
            PhenotypeResult.Overlap overlap = PhenotypeResult.Overlap.of(values, vectors.buckets());
            return event(run, run.modelSha256(), PhenotypeResult.of(overlap, survivors), sha256, at);
        }
        if (kind == SumKind.EVALUATE) {
            double[] published = models.open(run.modelSha256()).values();
            PhenotypeResult scores = PhenotypeResult.of(scores(vectors, published, values), survivors);
            return event(run, run.modelSha256(), scores, sha256, at);
        }
        boolean converged = kind == SumKind.REFINE
                && values[vectors.movement()] / survivors <= plan.fit().tolerance();
        ModelStore.StoredModel next = BlockStep.apply(
                models, models.open(run.modelSha256()), base + vectors.offset(kind), PublishedDoubles.split(values));
        return event(run, next.sha256(), PhenotypeResult.of(converged, survivors), sha256, at);
    }

    private static List<PhenotypeResult.Score> scores(PhenotypeVectors vectors, double[] published, double[] values)
            throws UpdateStep.UnusableSumException {
        try {
            return PhenotypeResult.scores(vectors, published, values);
        } catch (IllegalArgumentException e) {
            throw new UpdateStep.UnusableSumException("the scores cannot be read: " + e.getMessage());
        }
    }

    private static RunEvent.SumComputed event(
            RunState run, ByteString model, PhenotypeResult result, ByteString sha256, long at) {
        return new RunEvent.SumComputed(at, run.sum(), sha256, model, null, null, result, null, null, Map.of());
    }
}
