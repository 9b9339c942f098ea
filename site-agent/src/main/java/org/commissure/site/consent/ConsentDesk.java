package org.commissure.site.consent;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.storage.ConsentStore;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;

/**
 * Where a hospital says that a patient no longer takes part, or does again. Works beside the serving agent. A change is
 * durable when a method returns and counts from the next sum on; neither messages nor entries name the patient.
 */
public final class ConsentDesk {
    private final SiteHome home;
    private final SiteSettings settings;
    private final Clock clock;
    private final SiteDatabase database;
    private final ConsentStore store;
    private final ConsentRegister register;

    private ConsentDesk(SiteHome home, Clock clock) {
        this.home = home;
        this.clock = clock;
        settings = home.readSettings();
        database = SiteDatabase.open(home.database());
        store = new ConsentStore(database);
        register = new ConsentRegister(store, new SealStore(database).salt(new SecureRandom()));
        register.takeUp(LedgerContents.read(home.ledger()).consents());
    }

    /** @throws UserError if the folder is not an enrolled site's */
    public static ConsentDesk open(SiteHome home, Clock clock) {
        return new ConsentDesk(home, clock);
    }

    /**
     * Takes a patient out of every sum that begins from now on.
     *
     * @param mayBeAbsent also where participants.tsv does not name the patient (any more)
     * @throws UserError if the patient is not known or has withdrawn already
     */
    public void withdraw(String participantId, boolean mayBeAbsent) {
        if (!mayBeAbsent && !CohortFolder.lists(Path.of(settings.data()), participantId)) {
            throw new UserError(
                    "participants.tsv of this site has no such participant",
                    "check the id; with --absent a patient who is not in the folder is noted, too");
        }
        change(participantId, true);
    }

    /** Notes that a patient consented again: an entry of its own, the withdrawal stays visible. */
    public void renew(String participantId) {
        change(participantId, false);
    }

    /** Patients who have withdrawn and not consented again. */
    public int withdrawn() {
        return register.withdrawn().patients().size();
    }

    /** Every change, oldest first. */
    public List<ConsentStore.Change> changes() {
        return store.changes();
    }

    private void change(String participantId, boolean withdrawn) {
        ByteString patient = register.name(participantId);
        Set<ByteString> now = register.withdrawn().patients();
        if (now.contains(patient) == withdrawn) {
            throw new UserError(
                    withdrawn ? "this patient has withdrawn before" : "this patient has not withdrawn",
                    "see 'commissure site consent list'");
        }
        SigningIdentity signing = new IdentityStore(home.identity()).loadSigning();
        Instant when = clock.instant();
        Signed entry = signing.sign(
                LogEntries.of(withdrawn ? Actions.CONSENT_WITHDRAWN : Actions.CONSENT_RENEWED, Outcome.DONE, when)
                        .actor(signing.name())
                        .detail("the site's cohort changes from its next sum on")
                        .build());
        database.transaction(handle -> {
            store.add(handle, patient, withdrawn, when.toEpochMilli());
            new LogOutbox(database).add(handle, entry);
        });
    }

    /** Writes the change into the ledger here, unless an agent serves, which then does it within seconds. */
    public void settle() {
        try (PrivacyLedger ledger = PrivacyLedger.open(home.ledger())) {
            register.settle(ledger);
        } catch (UserError servedElsewhere) {
            // Its own process holds the ledger: it reads the register every second.
            return;
        }
    }
}
