package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code database …}. */
@Command(
        name = "database",
        description = "Where the coordinator's state is, and how it gets from a file into PostgreSQL.",
        subcommands = {DatabaseShowCommand.class, DatabaseMoveCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator database show --home /srv/commissure --json",
            "  commissure coordinator database move --home /srv/commissure \\",
            "    --database 'jdbc:postgresql://db.example.org/commissure?sslrootcert=/etc/commissure/db-ca.pem' \\",
            "    --database-user commissure --database-password-file /etc/commissure/db-password"
        })
final class DatabaseCommand {}
