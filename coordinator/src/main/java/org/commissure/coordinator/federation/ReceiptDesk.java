package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.audit.BundleKind;
import org.commissure.privacy.audit.LogBundle;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.audit.Receipt;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumReceipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, for a site that asks, the file which proves that its masked vector was one of those in a released sum. Nothing is
 * kept for it: everything is in the log. One at a time, because each reads the log once. Thread-safe.
 */
final class ReceiptDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptDesk.class);

    private final Path log;

    /** @param log its folder */
    ReceiptDesk(Path log) {
        this.log = log;
    }

    /** Empty where the log does not (yet) prove it. */
    synchronized Optional<SumReceipt> of(String site, SumId sum) {
        try {
            List<LoggedEntry> ofSum = LogReader.read(log).stream()
                    .filter(logged -> logged.entry().getRunId().equals(sum.getRunId())
                            && logged.entry().getRound() == sum.getRound()
                            && logged.entry().getAttempt() == sum.getAttempt())
                    .toList();
            return Receipt.of(site, ofSum).stream()
                    .filter(receipt -> receipt.sum().equals(sum.getKind().name()))
                    .findFirst()
                    .map(receipt -> SumReceipt.newBuilder()
                            .setSum(sum)
                            .setBundle(ByteString.copyFrom(LogBundle.of(log, BundleKind.RECEIPT, receipt.entries())))
                            .build());
        } catch (UserError e) {
            LOG.warn("no receipt could be made for {}: {}", site, e.getMessage());
            return Optional.empty();
        }
    }
}
