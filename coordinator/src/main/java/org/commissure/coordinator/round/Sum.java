package org.commissure.coordinator.round;

import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;

/** One attempt at one secure sum of a run. Attempts count from 1; nothing is reused between them. */
public record Sum(int round, SumKind kind, int attempt) {

    /** The same name as it travels in messages. */
    public SumId id(String runId) {
        return SumId.newBuilder()
                .setRunId(runId)
                .setRound(round)
                .setKind(kind)
                .setAttempt(attempt)
                .build();
    }

    /** Whether {@code id} names this very attempt. */
    boolean is(SumId id, String runId) {
        return id(runId).equals(id);
    }

    Sum retry() {
        return new Sum(round, kind, attempt + 1);
    }

    @Override
    public String toString() {
        return kind + " " + round + " attempt " + attempt;
    }
}
