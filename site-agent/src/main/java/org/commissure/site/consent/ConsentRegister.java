package org.commissure.site.consent;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.commissure.privacy.dp.ConsentChange;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.storage.ConsentStore;

/**
 * Who has withdrawn consent. A change counts from the next sum on, is kept for ever, and reaches the privacy ledger
 * as soon as its one writer, the serving agent or the command itself, can write it. Thread-safe.
 */
public final class ConsentRegister {
    private final ConsentStore store;
    private final byte[] salt;

    /** @param salt the site's secret salt */
    public ConsentRegister(ConsentStore store, byte[] salt) {
        this.store = store;
        this.salt = salt.clone();
    }

    /** @param version grows with every change, so that what was computed from an older one is known to be */
    public record Withdrawn(Set<ByteString> patients, long version) {
        public Withdrawn {
            patients = Set.copyOf(patients);
        }

        /** Never prints a patient, hashed or not. */
        @Override
        public String toString() {
            return "Withdrawn[" + patients.size() + "]";
        }
    }

    /** As the register stands now. */
    public Withdrawn withdrawn() {
        Set<ByteString> patients = new LinkedHashSet<>();
        long version = 0;
        for (ConsentStore.Change change : store.changes()) {
            if (change.withdrawn()) {
                patients.add(change.patient());
            } else {
                patients.remove(change.patient());
            }
            version = change.sequence();
        }
        return new Withdrawn(patients, version);
    }

    /** The salted hash under which a participant stands here. */
    public ByteString name(String participantId) {
        return ByteString.copyFrom(CohortSplit.consentName(salt, participantId));
    }

    /**
     * Takes up what the ledger tells and this register does not know: after a backup was restored beside a newer
     * ledger, whoever withdrew in between stays withdrawn.
     *
     * @param ledger oldest first
     */
    public void takeUp(List<ConsentChange> ledger) {
        List<ConsentStore.Change> known = store.changes();
        long last = known.isEmpty() ? 0 : known.getLast().sequence();
        ledger.stream().filter(change -> change.number() > last).forEach(store::restore);
    }

    /** Writes every change that the ledger lacks. */
    public void settle(PrivacyLedger ledger) {
        for (ConsentStore.Change change : store.changes()) {
            if (!change.inLedger()) {
                ledger.consent(new ConsentChange(
                        change.sequence(),
                        HexFormat.of().formatHex(change.patient().toByteArray()),
                        change.withdrawn(),
                        Instant.ofEpochMilli(change.changedUnixMs())));
                store.inLedger(change.sequence());
            }
        }
    }
}
