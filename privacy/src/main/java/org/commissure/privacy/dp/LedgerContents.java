package org.commissure.privacy.dp;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a ledger file says. Immutable.
 *
 * @param charges oldest first
 * @param repairs torn last lines that were cut off, oldest first
 * @param consents withdrawals and renewals of consent, oldest first
 * @param head SHA-256 (hex) of the last line, all zeros for an empty ledger; whoever keeps it can
 *     later tell that no line was removed
 * @param tornBytes bytes of an unfinished last line, 0 normally
 */
public record LedgerContents(
        List<Charge> charges, List<Repair> repairs, List<ConsentChange> consents, String head, int tornBytes) {
    /** @param bytes length of the unfinished line that a crash left behind */
    public record Repair(Instant when, int bytes) {}

    public LedgerContents {
        charges = List.copyOf(charges);
        repairs = List.copyOf(repairs);
        consents = List.copyOf(consents);
    }

    /**
     * Reads without a lock, also while a site writes. A file that does not exist reads as empty.
     *
     * @throws org.commissure.protocol.UserError if a line was altered, naming it, or the file cannot be read
     */
    public static LedgerContents read(Path file) {
        return LedgerFile.parse(file).contents();
    }

    /** How many patients have withdrawn and not consented again. */
    public long withdrawn() {
        Set<String> patients = new HashSet<>();
        for (ConsentChange change : consents) {
            if (change.withdrawn()) {
                patients.add(change.patient());
            } else {
                patients.remove(change.patient());
            }
        }
        return patients.size();
    }

    /** The same with one more charge, as it would be composed; no file says so. */
    public LedgerContents with(Charge charge) {
        List<Charge> more = new ArrayList<>(charges);
        more.add(charge);
        return new LedgerContents(more, repairs, consents, head, tornBytes);
    }

    /** Everything charged so far, composed. */
    public Guarantee spent(double delta) {
        return compose(charges, delta);
    }

    /** What {@code charges} cost together, as the ledger adds them up; each counts. */
    public static Guarantee compose(List<Charge> charges, double delta) {
        RdpAccountant.Builder accountant = RdpAccountant.builder();
        // Rounds of one study are alike: their curve is computed once.
        Map<Mechanism, Long> steps = new LinkedHashMap<>();
        for (Charge charge : charges) {
            steps.merge(charge.step(), charge.steps(), Math::addExact);
        }
        steps.forEach(accountant::add);
        return accountant.epsilon(delta);
    }
}
