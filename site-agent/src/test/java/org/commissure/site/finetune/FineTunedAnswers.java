package org.commissure.site.finetune;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Subject;

/** What a site says of its patients when it scores a vector of a run. */
public final class FineTunedAnswers {
    private FineTunedAnswers() {}

    /** By participant. @param cohort a hospital's folder */
    public static Map<String, double[]> of(Study study, float[] released, float[] base, Path cohort) throws Exception {
        Map<String, double[]> answers = new LinkedHashMap<>();
        try (LabelledGradient model = LabelledGradient.open(study, (sha256, count) -> base, new HashMap<>())) {
            model.load(Arrays.copyOf(released, FineTuneVector.of(study).trained()));
            for (Subject patient :
                    CohortFolder.read(cohort, CohortRules.of(study)).admitted()) {
                answers.put(patient.participantId(), model.predict(new LabelledScan(patient, patient.scan(), 0)));
            }
        }
        return answers;
    }
}
