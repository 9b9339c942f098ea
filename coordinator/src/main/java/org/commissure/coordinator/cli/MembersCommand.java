package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code members …}: people, each with a role. */
@Command(
        name = "members",
        description = {
            "Gives people identities of their own. A role is coordinator-operator (starts runs), site-admin,",
            "data-steward, privacy-officer or neuroscientist (these read; none of them can start a run)."
        },
        subcommands = {
            MembersRequestCommand.class,
            IssueCommand.class,
            MembersInstallCommand.class,
            MembersRevokeCommand.class,
            MembersReadmitCommand.class
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nFrom a person to an identity (the keys never leave the person's folder):%n",
        footer = {
            "  commissure coordinator members request --identity anna --federation epilepsy --role privacy-officer"
                    + " --name anna --out anna.json",
            "  commissure coordinator members issue anna.json --home /srv/commissure --fingerprint HEX --out anna-certs.json",
            "  commissure coordinator members install anna-certs.json --identity anna --root-fingerprint HEX",
            "  commissure coordinator run status --identity anna"
        })
final class MembersCommand {}
