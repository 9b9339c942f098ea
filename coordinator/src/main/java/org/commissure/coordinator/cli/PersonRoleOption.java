package org.commissure.coordinator.cli;

import org.commissure.privacy.identity.Role;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** What a person may do. */
final class PersonRoleOption {
    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "The person's role.")
    private String role = "";

    /** @throws UserError if it is not a person's role */
    Role role() {
        return Role.of(role)
                .filter(Role::isPerson)
                .orElseThrow(() -> new UserError(
                        "'" + role + "' is not a person's role",
                        "use coordinator-operator, site-admin, data-steward, privacy-officer or neuroscientist"));
    }
}
