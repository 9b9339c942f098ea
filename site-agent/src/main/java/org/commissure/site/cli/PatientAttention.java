package org.commissure.site.cli;

import java.util.List;
import java.util.function.ObjIntConsumer;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;

/** One encoder layer's attention of each patient: the mean over heads and over the patient's windows. */
final class PatientAttention {
    private final TrainableModel engine;
    private final int layer;
    private final int windows;

    /** @param windows a patient at most */
    PatientAttention(TrainableModel engine, int layer, int windows) {
        this.engine = engine;
        this.layer = layer;
        this.windows = windows;
    }

    /** The layer before the encoder's final norm. */
    static int lastLayer(ModelConfiguration configuration) {
        return switch (configuration) {
            case BrainLmConfiguration c -> c.encoder().layers() - 1;
            case VitMaeConfiguration c -> c.encoder().layers() - 1;
            default ->
                throw new UserError(
                        "a " + configuration.preset() + " model has no attention", "choose a model of another preset");
        };
    }

    /** @param receiver of each patient's maps and place in the list, in order */
    void of(List<Scan> scans, ObjIntConsumer<AttentionMaps> receiver) {
        try {
            for (int i = 0; i < scans.size(); i++) {
                Scan scan = scans.get(i);
                List<float[]> cut = EvenWindows.ofPatient(engine.configuration(), i, scan, windows);
                AttentionMaps mean = engine.attention(cut.getFirst(), scan.repetitionTimeSeconds(), layer);
                for (int w = 1; w < cut.size(); w++) {
                    AttentionMaps next = engine.attention(cut.get(w), scan.repetitionTimeSeconds(), layer);
                    blend(next.cls(), mean.cls(), w);
                    blend(next.parcels(), mean.parcels(), w);
                }
                receiver.accept(mean, i);
            }
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UserError(
                    "there is no attention of layer " + layer + ": " + e.getMessage(),
                    "choose an encoder layer of the model, from 0 on",
                    e);
        } catch (InterruptedException e) {
            throw new UserError("the attention was stopped", "start it again", e);
        }
    }

    /** The mean over patients. */
    AttentionMaps mean(List<Scan> scans) {
        ModelConfiguration c = engine.configuration();
        float[] cls = new float[c.tokens()];
        float[] parcels = new float[c.parcels() * c.parcels()];
        of(scans, (maps, patient) -> {
            blend(maps.cls(), cls, patient);
            blend(maps.parcels(), parcels, patient);
        });
        return new AttentionMaps(cls, parcels);
    }

    /** Takes one more into a mean of {@code before}. */
    private static void blend(float[] next, float[] mean, int before) {
        for (int i = 0; i < mean.length; i++) {
            mean[i] += (next[i] - mean[i]) / (before + 1);
        }
    }
}
