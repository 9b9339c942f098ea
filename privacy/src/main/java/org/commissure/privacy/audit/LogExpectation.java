package org.commissure.privacy.audit;

import java.util.Optional;

/**
 * What an auditor knows from elsewhere, and so cannot be deceived about by the log's own folder.
 *
 * @param authoritySha256 the authority's fingerprint, lower-case hex, heard out of band
 * @param earlierCheckpoint a checkpoint of this log kept from before: the log must extend it, which
 *     exposes a truncated or forked log whose owner signed it anew
 */
public record LogExpectation(Optional<String> authoritySha256, Optional<String> earlierCheckpoint) {
    /** Nothing: the folder is taken at its word about whose log it is. */
    public static final LogExpectation NONE = new LogExpectation(Optional.empty(), Optional.empty());
}
