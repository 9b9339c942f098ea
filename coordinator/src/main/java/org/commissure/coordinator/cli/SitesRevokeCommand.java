package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Denies a site. */
@Command(
        name = "revoke",
        description = {
            "Puts a site on the signed deny list: its connection is cut, it is told why, nothing of it counts any more,",
            "and every other site learns of it. Works while 'serve' runs."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator sites revoke NYU --home /srv/commissure --reason \"the disk was stolen\"")
final class SitesRevokeCommand implements Callable<Integer> {
    @Mixin
    private DenialOptions options = new DenialOptions();

    @Override
    public Integer call() {
        return options.revoke(Role.SITE);
    }
}
