package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.audit.BundleKind;
import org.commissure.privacy.audit.LogBundle;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.audit.Receipt;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumReceipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, for a site that asks, the file which proves that its masked vector was one of those in a released sum. Everything
 * is in the log, of which each entry is read once: kept are the newest sums' entries, for which all sites ask at once.
 * An older sum costs a reading of the whole log. Thread-safe, one at a time.
 */
final class ReceiptDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptDesk.class);
    private static final int KEPT_SUMS = 4;

    private final Path log;
    private final List<Long> witnessKeys = new ArrayList<>();
    private final Deque<OfAttempt> newest = new ArrayDeque<>();
    private long read;

    /** The entries of a run's round and attempt. */
    private record OfAttempt(String run, int round, int attempt, List<LoggedEntry> entries) {
        static OfAttempt of(LogEntry entry) {
            return new OfAttempt(entry.getRunId(), entry.getRound(), entry.getAttempt(), new ArrayList<>());
        }

        static OfAttempt of(SumId sum) {
            return new OfAttempt(sum.getRunId(), sum.getRound(), sum.getAttempt(), new ArrayList<>());
        }

        boolean isOf(OfAttempt other) {
            return run.equals(other.run) && round == other.round && attempt == other.attempt;
        }
    }

    /** @param log its folder */
    ReceiptDesk(Path log) {
        this.log = log;
    }

    /** Empty where the log does not (yet) prove it. */
    synchronized Optional<SumReceipt> of(String site, SumId sum) {
        try {
            readOn();
            OfAttempt wanted = OfAttempt.of(sum);
            return newest.stream()
                    .filter(wanted::isOf)
                    .findFirst()
                    .flatMap(kept -> receipt(site, sum, kept.entries()))
                    .or(() -> receipt(
                            site,
                            sum,
                            LogReader.read(log).stream()
                                    .filter(logged -> wanted.isOf(OfAttempt.of(logged.entry())))
                                    .toList()))
                    .map(receipt -> SumReceipt.newBuilder()
                            .setSum(sum)
                            .setBundle(ByteString.copyFrom(
                                    LogBundle.of(log, BundleKind.RECEIPT, receipt.entries(), witnessKeys)))
                            .build());
        } catch (UserError e) {
            LOG.warn("no receipt could be made for {}: {}", site, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Receipt> receipt(String site, SumId sum, List<LoggedEntry> ofAttempt) {
        return Receipt.of(site, ofAttempt).stream()
                .filter(receipt -> receipt.sum().equals(sum.getKind().name()))
                .findFirst();
    }

    private void readOn() {
        List<LoggedEntry> more = LogReader.read(log, read);
        witnessKeys.addAll(LogBundle.witnessKeys(more));
        for (LoggedEntry logged : more) {
            OfAttempt attempt = OfAttempt.of(logged.entry());
            if (attempt.run().isEmpty()) {
                continue;
            }
            newest.stream()
                    .filter(attempt::isOf)
                    .findFirst()
                    .orElseGet(() -> keep(attempt))
                    .entries()
                    .add(logged);
        }
        read += more.size();
    }

    private OfAttempt keep(OfAttempt attempt) {
        newest.addLast(attempt);
        if (newest.size() > KEPT_SUMS) {
            newest.removeFirst();
        }
        return attempt;
    }
}
