package org.commissure.site.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/** The policy on disk. It is read again at every invitation, so that a change needs no restart. */
public final class PolicyFile {
    /** What a newly enrolled site starts with: cautious, and explained. */
    public static final String DEFAULT = """
            # What this hospital allows. Commissure reads this file at every invitation to a round;
            # nothing in it ever leaves the hospital. A key that is not known here is an error.

            [allowed]
            # Purposes for which the data may be used, as the study states them; "*" is any purpose.
            purposes = ["*"]
            # "train": send masked, noised updates. "evaluate": send masked evaluation sums.
            tasks = ["train", "evaluate"]

            [privacy]
            # Epsilon that may ever be spent on this cohort, over all studies together. A round that
            # would exceed it is refused before training. The ledger is never reset.
            epsilon_budget = 8.0
            # A study with a larger delta is refused; keep it well below 1 / patients.
            maximum_delta = 1e-5
            # true lets a study train WITHOUT differential privacy.
            allow_no_noise = false

            [secure_aggregation]
            # No sum of fewer sites than this is ever opened.
            minimum_sites = 3
            # Fewest sites whose shares may open a secret.
            minimum_threshold = 3
            # A study must withstand at least so many sites that collude with the coordinator.
            minimum_colluders = 1

            [cohort]
            # With fewer admitted patients than this the site takes no part.
            minimum_patients = 10
            """;

    private PolicyFile() {}

    /** @throws UserError naming the key at fault, the nearest known key, and the remedy */
    public static SitePolicy read(Path file) {
        try {
            return StrictToml.parse(Files.readString(file), SitePolicy.class);
        } catch (TomlException e) {
            throw new UserError(
                    file + ": " + e.getMessage(),
                    "correct the key; every key of the default policy must be present",
                    e);
        } catch (IOException e) {
            throw new UserError(
                    "the policy " + file + " cannot be read", "restore it; without a policy nothing is allowed", e);
        }
    }
}
