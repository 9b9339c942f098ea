package org.commissure.privacy.audit;

/**
 * The first entry that does not verify.
 *
 * @param index from 0
 */
public record FirstBadEntry(long index, String problem) {}
