package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.commissure.models.training.Scan;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.Subject;
import org.commissure.site.evaluation.ExternalPatient;
import org.commissure.site.storage.SealStore;
import org.jspecify.annotations.Nullable;

/**
 * The cohort as a study may use it: admitted patients, split into internal ones that train and
 * external ones that only ever evaluate. The folder is read once for each shape of model and split;
 * series are read again when they are used. Confined to the round thread.
 */
final class SealedCohorts {
    private final Path data;
    private final byte[] salt;
    private @Nullable Key key;
    private @Nullable Split split;

    private record Key(CohortRules rules, double externalFraction) {}

    /** @param salt the site's secret salt */
    SealedCohorts(Path data, byte[] salt) {
        this.data = data;
        this.salt = salt.clone();
    }

    /**
     * Never prints a patient.
     *
     * @param subjects the same patients with what a study of kind regional asks of them
     */
    record Split(
            List<Scan> internal,
            List<ExternalPatient> external,
            ByteString internalSha256,
            ByteString externalSha256,
            SealedSplit subjects,
            Optional<RejectionReason> commonestRejection) {
        @Override
        public String toString() {
            return "Split";
        }
    }

    /** @throws UserError if the folder cannot be read */
    Split of(Study study) {
        Key wanted = new Key(CohortRules.of(study), study.externalFraction());
        Split known = split;
        if (known == null || !wanted.equals(key)) {
            known = read(wanted);
            split = known;
            key = wanted;
        }
        return known;
    }

    /** Whether {@code split} is still the one that was sealed for the run. */
    static boolean fits(SealStore.Seal seal, Split split) {
        return seal.internalSha256().equals(split.internalSha256())
                && seal.externalSha256().equals(split.externalSha256());
    }

    private Split read(Key wanted) {
        Admission admission = CohortFolder.read(data, wanted.rules());
        SealedSplit sealed = CohortSplit.seal(admission, wanted.externalFraction(), salt);
        return new Split(
                PooledCohort.scans(sealed.internal()),
                sealed.external().stream()
                        .map(subject -> new ExternalPatient(idHash(subject), subject.scan()))
                        .toList(),
                ByteString.copyFrom(sealed.internalSha256()),
                ByteString.copyFrom(sealed.externalSha256()),
                sealed,
                admission.commonestRejection());
    }

    private static ByteString idHash(Subject subject) {
        return SignedMessages.sha256(ByteString.copyFrom(subject.participantId(), StandardCharsets.UTF_8));
    }
}
