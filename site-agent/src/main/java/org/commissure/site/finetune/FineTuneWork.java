package org.commissure.site.finetune;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commissure.models.training.Scan;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;
import org.commissure.site.evaluation.ExternalPatient;
import org.commissure.site.phenotype.PhenotypeTask;

/**
 * What a site does in the sums of a study of kind finetune. What a frozen encoder makes of a patient is kept for the run.
 * Used by the worker only.
 */
public final class FineTuneWork {
    private final Map<String, float[]> known = new HashMap<>();
    private final SecureRandom random;
    private String runId = "";

    /** @param random of the bootstrap's weights */
    public FineTuneWork(SecureRandom random) {
        this.random = random;
    }

    /**
     * Opens the released model with the study's head on it; close it.
     *
     * @throws LocalWorkException if the released model cannot be had or does not fit the study's
     */
    public LabelledGradient open(String asked, Study study, PhenotypeTask.Parameters parameters)
            throws LocalWorkException, InterruptedException {
        if (!asked.equals(runId)) {
            known.clear();
            runId = asked;
        }
        return LabelledGradient.open(study, parameters, known);
    }

    /** The internal patients, labelled. */
    public static List<? extends Scan> patients(SealedSplit split, Study study) {
        return LabelledScan.of(split.internal(), study.finetune().orElseThrow().target());
    }

    /**
     * @param model with the vector to score loaded
     * @param external the split's external patients, in its order
     * @return the values of this site's vector of EVALUATE
     */
    public double[] scores(
            LabelledGradient model,
            Study study,
            SealedSplit split,
            List<ExternalPatient> external,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        return FineTuneScores.of(
                study.finetune().orElseThrow(),
                model,
                LabelledScan.of(split.external(), study.finetune().orElseThrow().target()),
                external.stream().map(ExternalPatient::subgroups).toList(),
                random,
                progress);
    }
}
