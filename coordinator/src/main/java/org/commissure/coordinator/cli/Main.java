package org.commissure.coordinator.cli;

import org.commissure.coordinator.federation.Coordinator;
import org.commissure.protocol.CommandFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * {@code commissure coordinator …}. Exit codes: 0 done; 1 checked, and the answer is no (a run
 * failed); 2 wrong usage; 3 the operation failed.
 */
@Command(
        name = "commissure coordinator",
        description =
                "Makes a federation, invites sites, serves rounds, starts and watches runs, and checks their reports.",
        subcommands = {
            InitCommand.class,
            RootCommand.class,
            InviteCommand.class,
            SitesCommand.class,
            MembersCommand.class,
            ServeCommand.class,
            PlanCommand.class,
            RunCommand.class,
            ReportCommand.class,
            RetentionCommand.class,
            ConsoleCommand.class,
            DatabaseCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            SupportBundleCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footerHeading = "%nFrom nothing to a run:%n",
        footer = {
            "  commissure coordinator init --home /srv/commissure --federation epilepsy --host fed.example.org",
            "  commissure coordinator invite --home /srv/commissure --site NYU --out nyu.json",
            "  commissure coordinator serve --home /srv/commissure",
            "  commissure coordinator plan publish --home /srv/commissure --study study.toml",
            "  commissure coordinator run start --home /srv/commissure --study study.toml --model initial.safetensors",
            "  commissure coordinator run watch --home /srv/commissure"
        })
public final class Main {
    static final int NO = 1;
    static final int FAILED = 3;

    private Main() {}

    /** As the jar's manifest has it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"commissure " + Coordinator.version()};
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, commandLine, parsed) -> {
                    CommandFailure.explain(problem, commandLine.getErr());
                    return FAILED;
                })
                .execute(arguments);
    }
}
