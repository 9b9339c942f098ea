package org.commissure.site.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.Study;
import org.commissure.site.compute.LocalWorkException;

/** The vector that a run of kind finetune released, the study and the model it began with, as one model folder. */
public final class ReleasedFineTuning {
    private ReleasedFineTuning() {}

    /**
     * Writes a model folder with the encoder as the run left it, the released model's decoder and the run's head. Whoever
     * calls has checked both files' hashes.
     *
     * @param released the run's vector
     * @param base the parameters of the model that the study names
     * @param provenance told in the metadata of the weights, beside target and classes
     * @throws LocalWorkException if study, vector and model do not fit one another
     * @throws IOException if the folder cannot be written
     */
    public static void write(Study study, float[] released, float[] base, Path folder, Map<String, String> provenance)
            throws LocalWorkException, IOException, InterruptedException {
        FineTunePlan plan = study.finetune().orElseThrow();
        FineTuneVector vector = FineTuneVector.of(study);
        if (released.length != vector.length()) {
            throw new LocalWorkException(
                    "the vector has " + released.length + " values, and the study's has " + vector.length());
        }
        Map<String, String> metadata = new TreeMap<>(provenance);
        metadata.put("target", plan.target().column());
        metadata.put("classes", String.join("\t", plan.target().classes().orElse(List.of())));
        metadata.put("windows_per_scan", Integer.toString(plan.windowsPerScan()));
        try (LabelledGradient model = LabelledGradient.open(study, (sha256, count) -> base, new HashMap<>())) {
            model.load(Arrays.copyOf(released, vector.trained()));
            model.save(folder, study, metadata);
        } catch (IllegalArgumentException e) {
            throw new LocalWorkException("the vector cannot be used: " + e.getMessage(), e);
        }
    }
}
