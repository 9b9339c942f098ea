package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a site be invited again. */
@Command(
        name = "readmit",
        description = {"Lets a revoked site be invited again. Its old certificates stay denied."},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator sites readmit NYU --home /srv/commissure --reason \"new machine\"")
final class SitesReadmitCommand implements Callable<Integer> {
    @Mixin
    private DenialOptions options = new DenialOptions();

    @Override
    public Integer call() {
        return options.readmit(Role.SITE);
    }
}
