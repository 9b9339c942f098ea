package org.commissure.site.storage;

import java.util.Optional;
import org.commissure.protocol.v1.SumId;

/**
 * What is persisted of one attempt at one secure sum.
 *
 * @param phase name of the phase that was entered last
 * @param invitation the serialised {@code Signed} RoundInvitation
 * @param secrets the saved state of the secure sum, gone once the sum has ended
 * @param answer the serialised {@code SiteFrame} that answers the last request, byte for byte
 * @param note why the sum ended, where it ended early; never personal data
 */
public record SumRow(
        SumId sum,
        String phase,
        byte[] invitation,
        Optional<byte[]> secrets,
        Optional<byte[]> answer,
        String note,
        long openedUnixMs,
        long updatedUnixMs) {
    @Override
    public String toString() {
        return "SumRow[" + sum.getRunId() + " round " + sum.getRound() + " " + sum.getKind() + " attempt "
                + sum.getAttempt() + ", " + phase + "]";
    }
}
