package org.commissure.privacy.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;

/**
 * That a site's masked update was one of n in an aggregate. Four entries prove it: the site's own word
 * of what it masked ({@link Actions#UPDATE_MASKED}), the coordinator's that it has received exactly
 * that ({@link Actions#UPLOAD_COMPLETED}), who survived, and which sum was released over them. The
 * hash is of the vector as it travelled; the site deletes it when the sum ends, so that whoever wants
 * to compare must have recorded the traffic.
 *
 * @param sum TRAIN, EVALUATE, and so on
 * @param maskedSha256 of the vector that left the site, lower-case hex
 * @param sumSha256 of the opened sum, lower-case hex
 * @param survivors all n, the site among them
 * @param entries where the log says so
 */
public record Receipt(
        String site,
        String run,
        int round,
        int attempt,
        String sum,
        String maskedSha256,
        String sumSha256,
        List<String> survivors,
        List<Long> entries) {
    public Receipt {
        survivors = List.copyOf(survivors);
        entries = List.copyOf(entries);
    }

    /** One receipt for each of {@code site}'s updates that is in a released sum, in the log's order. */
    public static List<Receipt> of(String site, List<LoggedEntry> log) {
        return List.copyOf(byMaskedEntry(site, log).values());
    }

    /** The same, by the index of the site's own entry. */
    static SortedMap<Long, Receipt> byMaskedEntry(String site, List<LoggedEntry> log) {
        Map<String, List<LoggedEntry>> sums = log.stream()
                .collect(Collectors.groupingBy(logged -> logged.entry().getRunId() + "\n"
                        + logged.entry().getRound() + "\n" + logged.entry().getAttempt()));
        SortedMap<Long, Receipt> receipts = new TreeMap<>();
        for (List<LoggedEntry> sum : sums.values()) {
            for (LoggedEntry masked : sum) {
                if (masked.actorName().equals(site) && is(masked, Actions.UPDATE_MASKED)) {
                    provedBy(masked, sum).ifPresent(receipt -> receipts.put(masked.index(), receipt));
                }
            }
        }
        return receipts;
    }

    /** The receipt that a bundle's verified entries prove, if they prove exactly one. */
    static Optional<Receipt> provedBy(List<LoggedEntry> entries) {
        List<Receipt> proved = entries.stream()
                .filter(entry -> is(entry, Actions.UPDATE_MASKED))
                .flatMap(masked -> provedBy(masked, entries).stream())
                .toList();
        return proved.size() == 1 ? Optional.of(proved.getFirst()) : Optional.empty();
    }

    private static Optional<Receipt> provedBy(LoggedEntry masked, List<LoggedEntry> entries) {
        List<LoggedEntry> sum = entries.stream()
                .filter(entry -> entry.actorName().equals(CertificateName.COORDINATOR))
                .filter(entry -> isOfSum(entry.entry(), masked.entry()))
                .toList();
        String site = masked.actorName();
        String hash = Facts.text(masked.entry(), "sha256").orElse("");
        Optional<LoggedEntry> uploaded = sum.stream()
                .filter(entry -> is(entry, Actions.UPLOAD_COMPLETED))
                .filter(entry -> states(entry, "site", site) && states(entry, "masked_sha256", hash))
                .findFirst();
        Optional<LoggedEntry> agreed = sum.stream()
                .filter(entry -> is(entry, Actions.SURVIVORS_AGREED))
                .findFirst();
        Optional<LoggedEntry> released =
                sum.stream().filter(entry -> is(entry, Actions.SUM_RELEASED)).findFirst();
        if (uploaded.isEmpty() || agreed.isEmpty() || released.isEmpty()) {
            return Optional.empty();
        }
        String survivors = Facts.text(released.get().entry(), "survivors").orElse("");
        List<String> names = List.of(survivors.split(" "));
        if (!names.contains(site) || !states(agreed.get(), "survivors", survivors)) {
            return Optional.empty();
        }
        return Optional.of(new Receipt(
                site,
                masked.entry().getRunId(),
                masked.entry().getRound(),
                masked.entry().getAttempt(),
                Facts.text(masked.entry(), "kind").orElse(""),
                hash,
                Facts.text(released.get().entry(), "sum_sha256").orElse(""),
                names,
                Stream.of(masked, uploaded.get(), agreed.get(), released.get())
                        .map(LoggedEntry::index)
                        .sorted()
                        .toList()));
    }

    private static boolean is(LoggedEntry logged, String action) {
        return logged.entry().getAction().equals(action) && logged.entry().getOutcome() == Outcome.DONE;
    }

    private static boolean states(LoggedEntry logged, String fact, String value) {
        return Facts.text(logged.entry(), fact).filter(value::equals).isPresent();
    }

    private static boolean isOfSum(LogEntry entry, LogEntry masked) {
        return entry.getRunId().equals(masked.getRunId())
                && entry.getRound() == masked.getRound()
                && entry.getAttempt() == masked.getAttempt()
                && Facts.text(entry, "sum").equals(Facts.text(masked, "kind"));
    }
}
