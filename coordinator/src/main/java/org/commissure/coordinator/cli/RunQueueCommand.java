package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code run queue}: the runs that wait for their turn. */
@Command(
        name = "queue",
        description = {
            "Runs that wait for their turn ('run start --queue').",
            "Whenever no run is under way, the first that waits for nothing else begins. One that waits for its time, its"
                    + " study's hours or approvals lets others pass. One that was refused when it was its turn stays,"
                    + " with the reason, until it is removed or tried again."
        },
        subcommands = {
            RunQueueListCommand.class,
            RunQueueMoveCommand.class,
            RunQueueRemoveCommand.class,
            RunQueueRetryCommand.class
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator run start --home /srv/commissure --study s.toml --model m.safetensors --queue",
            "  commissure coordinator run queue list --home /srv/commissure --json",
            "  commissure coordinator run queue move RUN-ID 1 --home /srv/commissure",
            "  commissure coordinator run queue remove RUN-ID --home /srv/commissure"
        })
final class RunQueueCommand {}
