package org.commissure.site.phenotype;

import java.io.IOException;
import java.util.Optional;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.finetune.PatientEmbedding;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.ModelShape;

/** The released model that a study's features come from. One thread; close it. */
final class FrozenEncoder implements AutoCloseable {
    private final FrozenEmbedding asked;
    private final ModelConfiguration configuration;
    private final TrainableModel engine;

    private FrozenEncoder(FrozenEmbedding asked, ModelConfiguration configuration) {
        this.asked = asked;
        this.configuration = configuration;
        this.engine = ModelShape.openEncoder(configuration);
    }

    /** @throws LocalWorkException if the parameters cannot be had or do not fit the study's model */
    static FrozenEncoder open(FrozenEmbedding asked, PhenotypeTask.Parameters parameters)
            throws LocalWorkException, InterruptedException {
        try {
            ModelConfiguration configuration = ModelShape.frozen(asked);
            float[] flat =
                    parameters.load(asked.sha256(), configuration.layout().parameterCount());
            FrozenEncoder encoder = new FrozenEncoder(asked, configuration);
            try {
                encoder.engine.loadParameters(flat);
            } catch (IllegalArgumentException e) {
                encoder.close();
                throw e;
            }
            return encoder;
        } catch (IOException | UserError | IllegalArgumentException e) {
            throw new LocalWorkException("the study's model cannot be used: " + e.getMessage(), e);
        }
    }

    /** Why nobody could embed with what a study says of its model. */
    static Optional<String> problem(FrozenEmbedding asked) {
        try {
            ModelShape.frozen(asked);
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Over every window of every scan of the patient. */
    double[] of(Subject patient) throws LocalWorkException, InterruptedException {
        Scan scan = patient.scan();
        try {
            return PatientEmbedding.of(
                    engine,
                    asked.pooling() == FrozenEmbedding.Readout.CLS ? Pooling.CLS : Pooling.MEAN,
                    EvenWindows.ofPatient(configuration, 0, scan, asked.windowsPerScan()),
                    scan.repetitionTimeSeconds());
        } catch (ScanException e) {
            throw LocalWorkException.unreadableSeries(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
