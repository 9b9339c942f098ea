package org.commissure.privacy.audit;

import java.util.List;
import java.util.Optional;

/**
 * The outcome of verifying a log.
 *
 * @param ok whether everything fits; then neither {@code firstBadEntry} nor {@code problem} is there
 * @param size how many entries the checkpoint covers; 0 where it cannot be read
 * @param rootHex the checkpoint's root; empty where it cannot be read
 * @param origin the log's name; empty where its key cannot be read
 * @param authoritySha256 the fingerprint to compare out of band; empty where it cannot be read
 * @param verifierKey the log's public key, to compare out of band; empty where it cannot be read
 * @param cosignatures the newest of each witness, verified; empty where the log does not verify
 * @param firstBadEntry the first that is not vouched for; where a file that vouches for entries was
 *     damaged and not an entry itself, the first of those, and {@code problem} says what was damaged.
 *     Absent where something is wrong that concerns no entry, such as another federation's log
 * @param problem what is wrong with the log as a whole
 */
public record LogVerification(
        boolean ok,
        long size,
        String rootHex,
        String origin,
        String authoritySha256,
        String verifierKey,
        List<Cosignature> cosignatures,
        Optional<FirstBadEntry> firstBadEntry,
        Optional<String> problem) {}
