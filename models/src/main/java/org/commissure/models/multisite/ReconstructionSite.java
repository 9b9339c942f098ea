package org.commissure.models.multisite;

import java.util.List;
import org.commissure.models.training.Scan;

/**
 * One site's patients.
 *
 * @param training to learn from, one scan each
 * @param external never trained on by anybody, one scan each
 */
public record ReconstructionSite(String name, List<Scan> training, List<Scan> external) {
    public ReconstructionSite {
        training = List.copyOf(training);
        external = List.copyOf(external);
        if (training.isEmpty() || external.isEmpty()) {
            throw new IllegalArgumentException(name + " needs patients to train on and patients to score on");
        }
    }
}
