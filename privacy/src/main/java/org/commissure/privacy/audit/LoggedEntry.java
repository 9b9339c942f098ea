package org.commissure.privacy.audit;

import org.commissure.protocol.v1.LogEntry;

/**
 * One entry as it stands in a log.
 *
 * @param index from 0
 */
public record LoggedEntry(long index, String actorName, LogEntry entry) {}
