package org.commissure.site.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code audit}: what a privacy officer does with the log, offline. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Checks and questions the federation's log: a copy without any network, or the coordinator's.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditQueryCommand.class,
            AuditReportCommand.class,
            AuditBundleCommand.class,
            AuditReceiptCommand.class,
            AuditCopyCommand.class,
            AuditWitnessCommand.class,
            AuditEraseCommand.class,
            AuditCheckVectorsCommand.class,
            RecomputeEpsilonCommand.class
        })
public final class AuditCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    /** Without a subcommand: says which there are. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
