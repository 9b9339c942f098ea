package org.commissure.site.evaluation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.WindowPreparation;
import org.commissure.models.evaluation.ReconstructionSums;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.PatientErrors;
import org.commissure.protocol.evaluation.ReconstructionLayout;
import org.commissure.protocol.study.Study;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;

/**
 * Scores a model on the external cohort. Windows are spread evenly over a patient's scans and masks follow
 * from the study's seed and the patient, so that every model of a run is scored on the very same
 * masked patches. Not thread-safe.
 */
public final class ExternalEvaluation {
    private final MaskedAutoencoder model;
    private final ModelConfiguration shape;
    private final Study.Evaluation plan;

    /** @param model with the parameters to score loaded */
    public ExternalEvaluation(MaskedAutoencoder model, ModelConfiguration shape, Study.Evaluation plan) {
        this.model = model;
        this.shape = shape;
        this.plan = plan;
    }

    /** The layout of what a study's evaluation sums. */
    public static ReconstructionLayout layout(Study.Evaluation plan) {
        return new ReconstructionLayout(
                plan.furtherMaskRatios().orElse(List.of()).size());
    }

    /**
     * The site's vector.
     *
     * @param seed of the bootstrap's weights; secret, fresh
     * @throws LocalWorkException if a series cannot be read
     * @throws InterruptedException if the thread was interrupted between two patients
     */
    public double[] sums(List<ExternalPatient> patients, long seed, WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        List<PatientErrors> errors = new ArrayList<>();
        float[] prediction = new float[shape.windowLength()];
        for (int i = 0; i < patients.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("evaluation was stopped");
            }
            progress.at((double) i / patients.size());
            errors.add(errors(patients.get(i), prediction));
        }
        progress.at(1);
        return layout(plan).of(errors, seed);
    }

    private PatientErrors errors(ExternalPatient external, float[] prediction) throws LocalWorkException {
        List<Double> ratios = plan.maskRatios();
        List<ReconstructionSums> sums =
                ratios.stream().map(ratio -> new ReconstructionSums()).toList();
        List<Scan> scans = external.patient().ofThePatient();
        int window = 0;
        try {
            for (int at = 0; at < scans.size() && at < plan.windowsPerPatient(); at++) {
                int frames = scans.get(at).frames();
                // A patient has so many windows, whatever the number of scans; the first scans have one more.
                int windows = (plan.windowsPerPatient() + scans.size() - 1 - at) / scans.size();
                float[] series = scans.get(at).load();
                for (int start : EvenWindows.starts(frames, shape.windowFrames(), windows)) {
                    float[] values =
                            WindowPreparation.standardise(series, shape.parcels(), frames, start, shape.windowFrames());
                    for (int ratio = 0; ratio < sums.size(); ratio++) {
                        Mask mask = mask(external.idSha256(), window, ratios.get(ratio));
                        model.reconstruct(values, mask, prediction);
                        sums.get(ratio).add(shape, values, prediction, mask);
                    }
                    window++;
                }
            }
            return new PatientErrors(
                    sums.stream().map(ExternalEvaluation::numbers).toList(), external.subgroups());
        } catch (IOException | UserError | IllegalArgumentException e) {
            throw new LocalWorkException(
                    "a series of this site's external cohort cannot be read or is damaged; run `commissure cohort"
                            + " check` at the site and restore the file",
                    e);
        }
    }

    private static PatientErrors.Sums numbers(ReconstructionSums sums) {
        return new PatientErrors.Sums(
                sums.values(),
                sums.sum(),
                sums.sumOfSquares(),
                sums.errorModel(),
                sums.errorParcelMean(),
                sums.errorInterpolation());
    }

    /** The same for every model of the study, and different for every patient and window. */
    Mask mask(ByteString idSha256, int window, double ratio) {
        ByteBuffer seed = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + idSha256.size())
                .putLong(plan.maskSeed())
                .putInt(window)
                .put(idSha256.asReadOnlyByteBuffer())
                .flip();
        long mixed = SignedMessages.sha256(ByteString.copyFrom(seed))
                .asReadOnlyByteBuffer()
                .getLong();
        return Mask.random(shape.tokens(), ratio, new SplittableRandom(mixed));
    }
}
