package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    private PersonRoleOption role = new PersonRoleOption();

    @Override
    public Integer call() {
        return options.revoke(role.role());
    }
}
