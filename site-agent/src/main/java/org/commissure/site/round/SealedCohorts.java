package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.commissure.models.training.Scan;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.Subgroup;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.CohortSubgroups;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.Subject;
import org.commissure.site.consent.ConsentRegister;
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
    private final Supplier<ConsentRegister.Withdrawn> consent;
    private @Nullable Key key;
    private @Nullable Sealed sealed;
    private @Nullable Split split;

    private record Key(CohortRules rules, double externalFraction) {}

    /** Everybody who was admitted, consenting or not. */
    private record Sealed(
            SealedSplit split,
            ByteString commitment,
            Optional<RejectionReason> commonestRejection,
            Map<String, Set<Subgroup>> subgroups) {}

    /** Where nobody ever withdraws. @param salt the site's secret salt */
    SealedCohorts(Path data, byte[] salt) {
        this(data, salt, () -> new ConsentRegister.Withdrawn(Set.of(), 0));
    }

    /** @param consent who has withdrawn, asked at every use */
    SealedCohorts(Path data, byte[] salt, Supplier<ConsentRegister.Withdrawn> consent) {
        this.data = data;
        this.salt = salt.clone();
        this.consent = consent;
    }

    /**
     * The patients who take part now. The hashes are those of the split before anybody withdrew: a withdrawal takes
     * patients out of a sealed cohort and can put nobody in. Never prints a patient.
     *
     * @param commitment to all admitted patients and their series
     * @param consentVersion of the register that was asked
     * @param subjects the same patients with what a study of kind regional asks of them
     */
    record Split(
            List<Scan> internal,
            List<ExternalPatient> external,
            ByteString internalSha256,
            ByteString externalSha256,
            SealedSplit subjects,
            Optional<RejectionReason> commonestRejection,
            ByteString commitment,
            long consentVersion) {
        @Override
        public String toString() {
            return "Split";
        }
    }

    /** @throws UserError if the folder cannot be read */
    Split of(Study study) {
        Key wanted = new Key(CohortRules.of(study), study.externalFraction());
        ConsentRegister.Withdrawn withdrawn = consent.get();
        Sealed all = sealed;
        Split known = split;
        if (all == null || !wanted.equals(key)) {
            all = read(wanted);
            sealed = all;
            key = wanted;
            known = null;
        }
        if (known == null || known.consentVersion() != withdrawn.version()) {
            known = consenting(all, withdrawn);
            split = known;
        }
        return known;
    }

    /** A column that the study asks for and this site's {@code participants.tsv} lacks. @throws UserError as {@link #of} */
    Optional<String> missingColumn(Study study) {
        return CohortFolder.missingColumn(data, CohortRules.of(study));
    }

    /** Whether {@code split} is still the one that was sealed for the run. */
    static boolean fits(SealStore.Seal seal, Split split) {
        return seal.internalSha256().equals(split.internalSha256())
                && seal.externalSha256().equals(split.externalSha256());
    }

    private Sealed read(Key wanted) {
        Admission admission = CohortFolder.read(data, wanted.rules());
        SealedSplit split = CohortSplit.seal(admission, wanted.externalFraction(), salt);
        return new Sealed(
                split,
                ByteString.copyFrom(CohortSplit.commitment(admission, salt)),
                admission.commonestRejection(),
                CohortSubgroups.of(data, split.external()));
    }

    private Split consenting(Sealed all, ConsentRegister.Withdrawn withdrawn) {
        SealedSplit left = all.split()
                .without(subject -> withdrawn
                        .patients()
                        .contains(ByteString.copyFrom(CohortSplit.consentName(salt, subject.participantId()))));
        return new Split(
                PooledCohort.scans(left.internal()),
                left.external().stream()
                        .map(subject -> new ExternalPatient(
                                idHash(subject),
                                subject.scan(),
                                all.subgroups().getOrDefault(subject.participantId(), Set.of())))
                        .toList(),
                ByteString.copyFrom(left.internalSha256()),
                ByteString.copyFrom(left.externalSha256()),
                left,
                all.commonestRejection(),
                all.commitment(),
                withdrawn.version());
    }

    private static ByteString idHash(Subject subject) {
        return SignedMessages.sha256(ByteString.copyFrom(subject.participantId(), StandardCharsets.UTF_8));
    }
}
