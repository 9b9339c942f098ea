package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;

/**
 * What becomes of an opened TRAIN sum of weighted updates: the next model, and with control variates the server's next one,
 * both of the parameters that the study shares.
 *
 * <p>Control variates are Karimireddy et al. 2020, algorithm 1, times Kη, so that they are of an update's size: C ← C +
 * |S|/N·mean(ΔC), S the survivors and N the run's sites. The mean is weighted as that of the updates is; C is the weighted
 * mean of the sites' own exactly where all sites survive, and where not, as if those that did had the mean weight.
 */
final class AveragedSum {
    private AveragedSum() {}

    static RunEvent.SumComputed computed(
            RunState run, Transcript transcript, ModelStore models, RingVector sum, ByteString sha256, long atUnixMs)
            throws IOException, UpdateStep.UnusableSumException {
        Study study = run.plan().study();
        FixedPoint encoding = SumEncoding.fixedPoint(transcript.config());
        SharedPart part = ModelStore.shared(models.open(run.modelSha256()), study);
        UpdateStep step = UpdateStep.of(sum, 0, part, encoding, study.rounds().updateFactor());
        RunEvent.SumComputed computed = new RunEvent.SumComputed(
                atUnixMs, run.sum(), sha256, NextModel.of(run, models, step).sha256(), null);
        if (!study.training().hasControl()) {
            return computed;
        }
        double share =
                (double) transcript.of(Step.MASKED_HEADER).size() / run.sites().size();
        UpdateStep control = UpdateStep.of(sum, 1, part, encoding, share);
        return computed.withControl(
                control.apply(models, models.open(run.controlSha256())).sha256());
    }
}
