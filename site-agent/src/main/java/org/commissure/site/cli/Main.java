package org.commissure.site.cli;

import org.commissure.protocol.CommandFailure;
import org.commissure.site.round.SiteAgent;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** Entry point of the commands that run at a hospital. */
@Command(
        name = "commissure",
        description = "Federated learning across hospitals: the site's side.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            SiteCommand.class,
            AuditCommand.class,
            PrivacyCommand.class,
            CohortCommand.class,
            BenchCommand.class,
            ScienceCommand.class
        })
public final class Main {
    /** The operation could not be carried out: bad input, an unreachable coordinator. */
    static final int FAILED = 3;

    private Main() {}

    /** As the jar's manifest has it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"commissure " + SiteAgent.version()};
        }
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Exit codes: 0 done, 1 the answer is no, 2 usage, 3 failed. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::explain);
    }

    private static int explain(Exception problem, CommandLine command, ParseResult parsed) {
        CommandFailure.explain(problem, command.getErr());
        return FAILED;
    }
}
