/**
 * The transparency log. Life of an entry: an actor builds a {@code LogEntry} with {@link
 * org.commissure.privacy.audit.LogEntries} and signs it; {@link
 * org.commissure.privacy.audit.TransparencyLog} checks it, writes it into an entry bundle, hashes it
 * (RFC 6962) into the tiles, and signs a checkpoint over the new root; from then on {@link
 * org.commissure.privacy.audit.LogVerifier} detects any change to it, offline, from the folder alone.
 *
 * Every site's {@link org.commissure.privacy.audit.Witness} cosigns checkpoints that extend the last one
 * it saw; {@link org.commissure.privacy.audit.LogBundle} carries entries with their proofs elsewhere.
 *
 * <p>Formats: C2SP tlog-tiles (layout), tlog-checkpoint and signed-note (checkpoint), tlog-cosignature,
 * tlog-witness, tlog-proof.
 */
@NullMarked
package org.commissure.privacy.audit;

import org.jspecify.annotations.NullMarked;
