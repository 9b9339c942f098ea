package org.commissure.deploy.federation;

import org.commissure.protocol.UserError;
import picocli.CommandLine;

/** How the tools of this module, which the launcher starts by themselves, run and fail. */
public final class ToolMain {
    private static final int FAILED = 3;

    private ToolMain() {}

    /** Runs a command and ends the process; what a person can mend is said with its remedy. */
    public static void run(Object tool, String[] arguments) {
        System.exit(new CommandLine(tool)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    if (!(problem instanceof UserError error)) {
                        throw problem;
                    }
                    System.err.println("error: " + error.getMessage());
                    System.err.println("remedy: " + error.remedy());
                    return FAILED;
                })
                .execute(arguments));
    }
}
