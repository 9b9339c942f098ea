package org.commissure.protocol.logging;

import org.commissure.protocol.v1.SumId;
import org.slf4j.MDC;

/**
 * What the present thread is working on, as fields of every line that it logs: {@code run}, {@code round}, {@code sum}
 * (its kind), {@code attempt}, {@code site}. A thread that takes one task after the other clears them first; a thread
 * made for one task only sets them. Nothing else may be put there: no patient, no count, no value.
 */
public final class LogContext {
    private LogContext() {}

    /** Forgets what the thread did before. */
    public static void clear() {
        MDC.clear();
    }

    /** From here on the thread works on this attempt at a sum. */
    public static void turnTo(SumId sum) {
        MDC.put("run", sum.getRunId());
        MDC.put("round", Integer.toString(sum.getRound()));
        MDC.put("sum", sum.getKind().name());
        MDC.put("attempt", Integer.toString(sum.getAttempt()));
    }

    /** From here on what the thread does is for {@code site}. */
    public static void turnTo(String site) {
        MDC.put("site", site);
    }
}
