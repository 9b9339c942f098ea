package org.commissure.privacy.audit;

import java.time.Instant;

/**
 * A witness's verified word that it saw a checkpoint, and none before that this one does not extend.
 *
 * @param witness {@code <origin>/<site>}
 * @param size of the checkpoint that it saw
 * @param time to the second, by the witness's clock
 */
public record Cosignature(String witness, long size, Instant time) {}
