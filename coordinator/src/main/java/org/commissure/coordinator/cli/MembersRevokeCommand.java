package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Denies a person. */
@Command(
        name = "revoke",
        description = {"Puts a person on the signed deny list, for one role."},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer =
                "  commissure coordinator members revoke anna --role privacy-officer --home /srv/commissure --reason \"left\"")
final class MembersRevokeCommand implements Callable<Integer> {
    @Mixin
    private DenialOptions options = new DenialOptions();

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "The person's role.")
    private String role = "";

    @Override
    public Integer call() {
        return options.revoke(DenialOptions.role(role));
    }
}
