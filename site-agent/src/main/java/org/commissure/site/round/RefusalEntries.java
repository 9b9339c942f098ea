package org.commissure.site.round;

import java.util.HashSet;
import java.util.Set;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;

/**
 * This site's own log entries about messages that it refused: a coordinator that attacks does not log
 * it. A refusal is logged once however often the message is repeated, and no more than a bounded number
 * until the site starts again. Confined to the round thread.
 */
final class RefusalEntries {
    private static final int MOST = 500;

    private record Refusal(SumId sum, String what) {}

    private final Set<Refusal> logged = new HashSet<>();

    /**
     * Makes the entry durable and sends it.
     *
     * @param sum the default where the message names none that can be believed
     * @param phase of the site in that sum; empty where there is none
     */
    void log(SecAggException refusal, SumId sum, String phase, SiteServices site) {
        if (logged.size() >= MOST || !logged.add(new Refusal(sum, String.valueOf(refusal.getMessage())))) {
            return;
        }
        Signed entry = site.signing().sign(entry(refusal, sum, phase, site));
        site.database().transaction(handle -> site.outbox().add(handle, entry));
        site.link().send(SiteFrame.newBuilder().setLogEntry(entry).build());
    }

    private static LogEntry entry(SecAggException refusal, SumId sum, String phase, SiteServices site) {
        return LogEntries.of(
                        Actions.MESSAGE_REFUSED, Outcome.REFUSED, site.clock().instant())
                .actor(site.signing().name())
                .run(sum.getRunId())
                .round(sum.getRound())
                .attempt(sum.getAttempt())
                .phase(phase)
                .detail(refusal.symptom())
                .fact("peer", refusal.peer())
                .fact("step", refusal.step())
                .fact("sum", sum.getKind().name())
                .build();
    }
}
