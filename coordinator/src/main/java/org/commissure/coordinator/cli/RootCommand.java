package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code root …}: the federation's offline root and its issuing authority. */
@Command(
        name = "root",
        description = {
            "Makes the federation's root, signs its issuing authority, and renews that. The root's folder is only",
            "needed here: keep it on a medium that is offline the rest of the time. Every member pins the root."
        },
        subcommands = {
            RootCreateCommand.class,
            RootRequestCommand.class,
            RootSignCommand.class,
            RootInstallCommand.class
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nA federation whose root never touches the coordinator's machine:%n",
        footer = {
            "  commissure coordinator root create --root /media/root --federation epilepsy      (offline)",
            "  commissure coordinator root request --home /srv/commissure --out issuing.p10",
            "  commissure coordinator root sign --root /media/root --request issuing.p10 --out issuing.pem   (offline)",
            "  commissure coordinator init --home /srv/commissure --federation epilepsy --host fed.example.org"
                    + " --issuing issuing.pem",
            "",
            "To renew the issuing authority, every two years: request, sign, then",
            "  commissure coordinator root install --home /srv/commissure --issuing issuing.pem"
        })
final class RootCommand {}
