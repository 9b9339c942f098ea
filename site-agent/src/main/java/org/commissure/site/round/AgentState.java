package org.commissure.site.round;

import java.util.Optional;
import org.commissure.protocol.v1.SumId;

/**
 * What a running agent does now, for the people of its hospital.
 *
 * @param connected whether the coordinator has welcomed it
 * @param problem why there is no connection; also what the last one died of
 * @param working the last word of the local work
 */
public record AgentState(boolean connected, String problem, Optional<Working> working) {
    /** @param fraction in [0, 1], in tenths */
    public record Working(SumId sum, String activity, double fraction) {}
}
