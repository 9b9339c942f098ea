package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a person have an identity again. */
@Command(
        name = "readmit",
        description = {"Lets a revoked person have certificates issued again. The old ones stay denied."},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer =
                "  commissure coordinator members readmit anna --role privacy-officer --home /srv/commissure --reason \"is back\"")
final class MembersReadmitCommand implements Callable<Integer> {
    @Mixin
    private DenialOptions options = new DenialOptions();

    @Mixin
    private PersonRoleOption role = new PersonRoleOption();

    @Override
    public Integer call() {
        return options.readmit(role.role());
    }
}
