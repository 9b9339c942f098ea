package org.commissure.privacy.audit;

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
 * @param problem what is wrong with the log as a whole
 */
public record LogVerification(
        boolean ok,
        long size,
        String rootHex,
        String origin,
        String authoritySha256,
        String verifierKey,
        Optional<FirstBadEntry> firstBadEntry,
        Optional<String> problem) {}
