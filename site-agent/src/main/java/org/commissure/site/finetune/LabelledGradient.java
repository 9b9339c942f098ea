package org.commissure.site.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.finetune.HeadSettings;
import org.commissure.models.finetune.LabelledModel;
import org.commissure.models.finetune.TargetScale;
import org.commissure.models.finetune.Task;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.Study;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.PatientGradient;
import org.commissure.site.phenotype.PhenotypeTask;

/**
 * Of a labelled patient's loss, over windows side by side on each of the patient's scans, the same in every step. One
 * thread; close it.
 */
public final class LabelledGradient implements PatientGradient, AutoCloseable {
    /** What a head's description holds of a learning rate; a study may have a larger one. */
    private static final double LARGEST_RATE = 0.999;

    private final FineTunePlan plan;
    private final ModelConfiguration configuration;
    private final ParameterLayout layout;
    private final LabelledModel model;
    private final Map<String, float[]> known;

    private LabelledGradient(
            FineTunePlan plan,
            ModelConfiguration configuration,
            ParameterLayout layout,
            LabelledModel model,
            Map<String, float[]> known) {
        this.plan = plan;
        this.configuration = configuration;
        this.layout = layout;
        this.model = model;
        this.known = known;
    }

    /**
     * @param known features of patients by their series, where the encoder stays; read and added to
     * @throws LocalWorkException if the released model cannot be had or does not fit the study's
     */
    static LabelledGradient open(Study study, PhenotypeTask.Parameters parameters, Map<String, float[]> known)
            throws LocalWorkException, InterruptedException {
        FineTunePlan plan = study.finetune().orElseThrow();
        try {
            ModelConfiguration configuration = ModelShape.of(study);
            float[] base = parameters.load(plan.sha256(), configuration.layout().parameterCount());
            LabelledModel.Settings settings = settings(study, plan);
            TrainableModel encoder = ModelShape.openEncoder(configuration);
            try {
                LabelledModel model = new LabelledModel(encoder, base, settings);
                ParameterLayout layout =
                        LabelledModel.layout(configuration, ModelShape.encoderWidth(study.model()), settings);
                return new LabelledGradient(plan, configuration, layout, model, known);
            } catch (IllegalArgumentException e) {
                encoder.close();
                throw e;
            }
        } catch (IOException | UserError | IllegalArgumentException e) {
            throw new LocalWorkException("the study's released model cannot be used: " + e.getMessage(), e);
        }
    }

    private static LabelledModel.Settings settings(Study study, FineTunePlan plan) {
        FineTunePlan.Target target = plan.target();
        boolean regression = target.type() == PhenotypePlan.Type.REGRESSION;
        return new LabelledModel.Settings(
                pooling(plan),
                plan.hidden(),
                regression ? Task.REGRESSION : Task.CLASSIFICATION,
                target.outputs(),
                plan.rateOfEncoder(),
                regression
                        ? new TargetScale(
                                TargetScale.Kind.Z_SCORE,
                                target.centre().orElseThrow(),
                                target.scale().orElseThrow())
                        : LabelledModel.Settings.noScale(),
                study.training().seed());
    }

    private static Pooling pooling(FineTunePlan plan) {
        return plan.pooling() == FrozenEmbedding.Readout.CLS ? Pooling.CLS : Pooling.MEAN;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public int parameterCount() {
        return model.parameterCount();
    }

    @Override
    public void load(float[] parameters) {
        model.load(parameters);
    }

    @Override
    public void of(Scan patient, RandomGenerator random, float[] out) throws LocalWorkException, InterruptedException {
        if (!(patient instanceof LabelledScan labelled)) {
            throw new IllegalArgumentException("fine-tuning learns from labelled patients");
        }
        if (stays()) {
            model.gradientOfHead(features(labelled), labelled.target(), out);
        } else {
            model.gradient(read(labelled), labelled.target(), out);
        }
    }

    /**
     * Writes encoder and head at the loaded vector as a model folder.
     *
     * @param metadata of its weights
     */
    void save(Path folder, Study study, Map<String, String> metadata) throws IOException {
        int rounds = study.rounds().count();
        double rate = study.training().learningRate();
        double encoderRate = plan.rateOfEncoder() > 0 ? rate * plan.rateOfEncoder() : rate;
        boolean regression = plan.target().type() == PhenotypePlan.Type.REGRESSION;
        HeadSettings trained = new HeadSettings(
                regression ? Task.REGRESSION : Task.CLASSIFICATION,
                plan.target().outputs(),
                pooling(plan),
                !stays(),
                TargetScale.Kind.Z_SCORE,
                0,
                Math.min(rate, LARGEST_RATE),
                Math.min(encoderRate, LARGEST_RATE),
                rounds,
                1,
                rounds,
                study.training().seed());
        model.save(folder, trained, rounds, metadata);
    }

    /** What the head says: a number in the target's unit, or a probability of each class. */
    double[] predict(LabelledScan patient) throws LocalWorkException, InterruptedException {
        return model.predict(features(patient));
    }

    /** What the baseline says of everybody, as {@link #predict}. */
    double[] predictMean() {
        return model.predictMean();
    }

    private boolean stays() {
        return plan.trainable() == FineTunePlan.Trainable.HEAD;
    }

    /** What the head sees of a patient; kept where the encoder stays. */
    float[] features(LabelledScan patient) throws LocalWorkException, InterruptedException {
        if (!stays()) {
            return model.features(read(patient));
        }
        String series = patient.subject().seriesSha256();
        float[] features = known.get(series);
        if (features == null) {
            features = model.features(read(patient));
            known.put(series, features);
        }
        return features;
    }

    private LabelledModel.Patient read(LabelledScan patient) throws LocalWorkException, InterruptedException {
        try {
            return new LabelledModel.Patient(
                    EvenWindows.ofPatient(configuration, 0, patient.scan(), plan.windowsPerScan()),
                    patient.repetitionTimeSeconds());
        } catch (ScanException e) {
            throw LocalWorkException.unreadableSeries(e);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
