package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.privacy.dp.AdaptiveClipping;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SecureSumConfig;

/**
 * What becomes of an opened TRAIN sum in privacy mode distributed: one step of gradient descent, and where the clip
 * norm adapts, the next one. The sum is noised already, so all of this is post-processing.
 *
 * <p>The mean gradient divides by the public q·N·m, N the study's {@code patients_per_site} and m the survivors; the
 * number of patients is never told.
 */
final class DistributedSum {
    private DistributedSum() {}

    static RunEvent.SumComputed computed(
            RunState run, Transcript transcript, ModelStore models, RingVector sum, ByteString sha256, long atUnixMs)
            throws IOException, UpdateStep.UnusableSumException {
        Study study = run.plan().study();
        Study.Privacy privacy = study.privacy();
        SecureSumConfig config = transcript.config();
        DistributedNoise noise = DistributedNoise.of(
                study,
                run.plan().sharedCount(),
                config.getPartyCount(),
                config.getThreshold(),
                config.getMaxColluders());
        if (sum.length() != noise.dimension()) {
            throw new UpdateStep.UnusableSumException(
                    "the sum has " + sum.length() + " values, the study's noise " + noise.dimension());
        }
        double expectedPatients = privacy.samplingRate()
                * privacy.patientsPerSite().orElseThrow()
                * transcript.of(Step.MASKED_HEADER).size();
        double scale = study.rounds().updateFactor()
                * study.training().learningRate()
                * noise.unit(config.getClipNorm())
                / expectedPatients;
        SharedPart part = ModelStore.shared(models.open(run.modelSha256()), study);
        UpdateStep step =
                UpdateStep.ofGradient(sum, part, scale, study.training().updateClipNorm());
        ModelStore.StoredModel next = NextModel.of(run, models, step);
        Optional<AdaptiveClipping> clipping = DistributedNoise.clipping(privacy, config.getClipNorm());
        return new RunEvent.SumComputed(
                atUnixMs,
                run.sum(),
                sha256,
                next.sha256(),
                null,
                null,
                null,
                clipping.map(now ->
                                now.after(votes(sum, noise), expectedPatients).clipNorm())
                        .orElse(null),
                null,
                Map.of());
    }

    /** Unclipped less clipped patients, noised. */
    private static double votes(RingVector sum, DistributedNoise noise) {
        return (double) sum.get(sum.length() - 1) / noise.unitsPerVote();
    }
}
