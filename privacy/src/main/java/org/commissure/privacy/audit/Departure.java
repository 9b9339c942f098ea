package org.commissure.privacy.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.protocol.v1.LogEntry;

/**
 * Something computed from patients that left a hospital, with everything that the log says of it: the
 * site's {@link Actions#UPDATE_MASKED}, joined with what the site charged for it, why the run is
 * allowed, and what became of the sum.
 *
 * @param masked the site's entry
 * @param sum TRAIN, EVALUATE, and so on
 * @param bytes of the masked vector
 * @param sha256 of the masked vector, lower-case hex
 * @param privacy how it was noised: the study's mode, or "sum only"
 * @param purpose as the site stated it from the plan that it approved; else of the run's study, as the
 *     coordinator logged it when the run started
 * @param legalBasis as the site stated it, where its plan has one
 * @param epsilon that the site had spent in all after it, and its δ; empty where nothing was charged
 * @param receipt that it was in a released sum; empty where it was in none
 */
public record Departure(
        LoggedEntry masked,
        String sum,
        long bytes,
        String sha256,
        String privacy,
        Optional<String> purpose,
        Optional<String> legalBasis,
        Optional<Epsilon> epsilon,
        Optional<Receipt> receipt) {

    /**
     * @param left of the site's budget, where it said so
     * @param charged index of the entry that says it
     */
    public record Epsilon(double spent, Optional<Double> left, Optional<Double> delta, long charged) {}

    public String organisation() {
        return masked.actorName();
    }

    /** On which the site approved the plan, as the site says. */
    public Optional<String> legalBasis() {
        return Facts.text(masked.entry(), "legal_basis");
    }

    /** What the masked vector holds, as the site says. */
    public Optional<String> fields() {
        return Facts.text(masked.entry(), "fields");
    }

    public Instant time() {
        return Instant.ofEpochMilli(masked.entry().getTimeUnixMs());
    }

    /**
     * @param wanted entries asked for; those that are no departures are passed over
     * @param log all entries
     */
    public static List<Departure> of(List<LoggedEntry> wanted, List<LoggedEntry> log) {
        Map<String, String> purposes = new HashMap<>();
        Map<String, Epsilon> charges = new HashMap<>();
        for (LoggedEntry logged : log) {
            LogEntry entry = logged.entry();
            if (entry.getAction().equals(Actions.RUN_STARTED)) {
                Facts.text(entry, "purpose").ifPresent(purpose -> purposes.put(entry.getRunId(), purpose));
            } else if (entry.getAction().equals(Actions.PRIVACY_CHARGED)) {
                epsilon(logged).ifPresent(epsilon -> charges.put(attempt(logged), epsilon));
            }
        }
        Map<String, Map<Long, Receipt>> receipts = new HashMap<>();
        List<Departure> departures = new ArrayList<>();
        for (LoggedEntry logged : wanted) {
            LogEntry entry = logged.entry();
            if (!entry.getAction().equals(Actions.UPDATE_MASKED)) {
                continue;
            }
            String privacy = Facts.text(entry, "privacy").orElse("");
            departures.add(new Departure(
                    logged,
                    Facts.text(entry, "kind").orElse(""),
                    Facts.number(entry, "bytes").orElse(0.0).longValue(),
                    Facts.text(entry, "sha256").orElse(""),
                    privacy,
                    Facts.text(entry, "purpose").or(() -> Optional.ofNullable(purposes.get(entry.getRunId()))),
                    Facts.text(entry, "legal_basis").filter(basis -> !basis.isEmpty()),
                    // A round charges for its training sum only; its evaluation has the same number.
                    privacy.equals("sum only") ? Optional.empty() : Optional.ofNullable(charges.get(attempt(logged))),
                    Optional.ofNullable(
                            receipts.computeIfAbsent(logged.actorName(), site -> Receipt.byMaskedEntry(site, log))
                                    .get(logged.index()))));
        }
        return List.copyOf(departures);
    }

    private static Optional<Epsilon> epsilon(LoggedEntry charge) {
        return Facts.number(charge.entry(), "epsilon_spent")
                .map(spent -> new Epsilon(
                        spent,
                        Facts.number(charge.entry(), "epsilon_left"),
                        Facts.number(charge.entry(), "delta"),
                        charge.index()));
    }

    private static String attempt(LoggedEntry logged) {
        LogEntry entry = logged.entry();
        return logged.actorName() + "\n" + entry.getRunId() + "\n" + entry.getRound() + "\n" + entry.getAttempt();
    }
}
