package org.commissure.site.evaluation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
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
    private final Optional<float[]> alone;

    /** @param model with the parameters to score loaded */
    public ExternalEvaluation(MaskedAutoencoder model, ModelConfiguration shape, Study.Evaluation plan) {
        this(model, shape, plan, Optional.empty());
    }

    /**
     * @param model with the parameters to score loaded; it has those of {@code alone} in the end
     * @param alone of the model that this site trained alone, scored beside it on the very same masked patches
     */
    public ExternalEvaluation(
            MaskedAutoencoder model, ModelConfiguration shape, Study.Evaluation plan, Optional<float[]> alone) {
        this.model = model;
        this.shape = shape;
        this.plan = plan;
        this.alone = alone;
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
        double first = alone.isPresent() ? 0.5 : 1;
        List<List<PatientErrors.Sums>> scored = scored(plan.maskRatios(), patients, part -> progress.at(first * part));
        if (alone.isPresent()) {
            model.loadParameters(alone.get());
            List<List<PatientErrors.Sums>> own =
                    scored(List.of(plan.maskRatio()), patients, part -> progress.at(first + (1 - first) * part));
            for (int i = 0; i < scored.size(); i++) {
                scored.get(i).set(0, scored.get(i).getFirst().beside(own.get(i).getFirst()));
            }
        }
        List<PatientErrors> errors = new ArrayList<>();
        for (int i = 0; i < patients.size(); i++) {
            errors.add(new PatientErrors(scored.get(i), patients.get(i).subgroups()));
        }
        progress.at(1);
        return plan.layout().of(errors, seed);
    }

    /** Of each patient the loaded model's errors, at each mask ratio. */
    private List<List<PatientErrors.Sums>> scored(
            List<Double> ratios, List<ExternalPatient> patients, WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        List<List<PatientErrors.Sums>> scored = new ArrayList<>();
        float[] prediction = new float[shape.windowLength()];
        for (int i = 0; i < patients.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("evaluation was stopped");
            }
            progress.at((double) i / patients.size());
            scored.add(errors(patients.get(i), ratios, prediction).stream()
                    .map(ExternalEvaluation::numbers)
                    .collect(Collectors.toCollection(ArrayList::new)));
        }
        return scored;
    }

    private List<ReconstructionSums> errors(ExternalPatient external, List<Double> ratios, float[] prediction)
            throws LocalWorkException {
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
            return sums;
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
