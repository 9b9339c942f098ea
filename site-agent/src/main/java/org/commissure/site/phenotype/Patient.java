package org.commissure.site.phenotype;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.OptionalDouble;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.site.cohort.Subject;

/**
 * A patient as a study of kind phenotype sees one.
 *
 * @param covariates in the study's order, classes as 0 and 1; where the study indicates what is missing, unknown ones are 0
 *     and behind all of them stands for each 1 if it is known and 0 if not
 * @param target the number, or the place of the class
 * @param fold of the training patients
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to compute with; never compared
record Patient(Subject subject, double[] covariates, double target, int fold) {

    static Patient of(Subject subject, PhenotypePlan plan) {
        double[] covariates = plan.indicatesMissing()
                ? indicated(subject, plan.covariates())
                : plan.covariates().stream().mapToDouble(subject::value).toArray();
        PhenotypePlan.Column target = plan.columns().getLast();
        return new Patient(subject, covariates, subject.value(target), (int)
                (draw(subject) * plan.fit().folds()));
    }

    private static double[] indicated(Subject subject, List<PhenotypePlan.Column> columns) {
        double[] values = new double[2 * columns.size()];
        for (int i = 0; i < columns.size(); i++) {
            OptionalDouble known = subject.known(columns.get(i));
            values[i] = known.orElse(0);
            values[columns.size() + i] = known.isPresent() ? 1 : 0;
        }
        return values;
    }

    /** In [0, 1), of the patient alone, so that one who joins or withdraws moves nobody else. */
    private static double draw(Subject subject) {
        ByteString digest = SignedMessages.sha256(
                ByteString.copyFromUtf8("commissure/v1/phenotype/fold\0" + subject.participantId()));
        return (digest.asReadOnlyByteBuffer().getLong() >>> 11) * 0x1p-53;
    }

    @Override
    public String toString() {
        return "Patient";
    }
}
