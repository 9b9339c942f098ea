package org.commissure.protocol.study;

import java.util.Optional;

/**
 * The sections of a study of kind {@link StudyFile#FINETUNE}: those of a network's training, and {@code [finetune]}
 * instead of {@code [evaluation]}. {@code [model]} is that of the study that trained the released model.
 */
record FineTuneStudy(
        Study.Description study,
        Study.Rounds rounds,
        Study.Quorum quorum,
        Study.Deadlines deadlines,
        Study.SecureAggregation secureAggregation,
        Study.Privacy privacy,
        Training training,
        Model model,
        FineTunePlan finetune) {

    Study toStudy() {
        return new Study(
                study,
                rounds,
                quorum,
                deadlines,
                secureAggregation,
                privacy,
                training,
                model,
                null,
                Optional.empty(),
                Optional.empty(),
                Optional.of(finetune));
    }
}
