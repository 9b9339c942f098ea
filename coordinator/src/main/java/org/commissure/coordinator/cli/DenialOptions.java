package org.commissure.coordinator.cli;

import java.time.Clock;
import org.commissure.coordinator.federation.Members;
import org.commissure.privacy.identity.Role;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whom to revoke or readmit, and why. */
final class DenialOptions {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "As in the certificate.")
    private String name = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Stands in the log for ever.")
    private String reason = "";

    int revoke(Role role) {
        try (Members members = Members.of(home.home(), Clock.systemUTC())) {
            members.revoke(role, name, reason);
        }
        System.out.println(role.text() + " '" + name + "' is revoked: " + reason);
        return 0;
    }

    int readmit(Role role) {
        try (Members members = Members.of(home.home(), Clock.systemUTC())) {
            members.readmit(role, name, reason);
        }
        System.out.println(role.text() + " '" + name + "' may be invited again; the old certificates stay denied");
        return 0;
    }
}
