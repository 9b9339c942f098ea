package org.commissure.protocol.study;

import java.util.Locale;
import java.util.Optional;
import org.commissure.protocol.config.OpeningHours;

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
        FineTunePlan finetune,
        Optional<OpeningHours> hours) {

    Study toStudy() {
        if (finetune.baselines().isPresent() && privacy.mode() != Study.PrivacyMode.NONE) {
            throw new StudyException(
                    FineTuneBaselines.KEY,
                    "are fitted to exact sums over the training patients, which would undo the noise of privacy.mode \""
                            + privacy.mode().name().toLowerCase(Locale.ROOT)
                            + "\"; leave them out, the report then says so");
        }
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
                Optional.of(finetune),
                hours);
    }
}
