package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code console users …}. */
@Command(
        name = "users",
        description = {
            "Who may sign in to the console. A viewer reads; an officer reads also who read what; a coordinator reads and",
            "steers runs; an administrator reads, and manages users there. What needs a person's key (publishing, approving, revoking) the console cannot do for anybody.",
            "A change counts at once, also while the coordinator serves."
        },
        subcommands = {
            ConsoleUsersAddCommand.class,
            ConsoleUsersListCommand.class,
            ConsoleUsersPasswordCommand.class,
            ConsoleUsersBindCommand.class,
            ConsoleUsersRoleCommand.class,
            ConsoleUsersDisableCommand.class,
            ConsoleUsersEnableCommand.class,
            ConsoleUsersRemoveCommand.class
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users add anna --role officer --home /srv/commissure")
final class ConsoleUsersCommand {}
