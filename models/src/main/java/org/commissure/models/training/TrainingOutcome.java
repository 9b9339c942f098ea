package org.commissure.models.training;

import java.util.Optional;

/**
 * A run that took all its steps.
 *
 * @param parameters after the last step, in layout order
 * @param device the engine that computed them
 * @param scores of the last step, if scans were held out
 * @param best evaluation of the run, which need not be the last
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to a file; never compared
public record TrainingOutcome(
        float[] parameters, String device, Optional<Scores> scores, Optional<BestEvaluation> best) {}
