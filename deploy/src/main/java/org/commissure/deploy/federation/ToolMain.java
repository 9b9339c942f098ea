package org.commissure.deploy.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Map;
import org.commissure.protocol.CommandFailure;
import picocli.CommandLine;

/** How the tools of this module, which the launcher starts by themselves, run and fail. */
public final class ToolMain {
    private static final int FAILED = 3;

    private ToolMain() {}

    /** What {@code --json} prints. */
    public static String json(Map<String, ?> facts) {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts that cannot be written", e);
        }
    }

    /** Runs a command and ends the process; what a person can mend is said with its remedy. */
    public static void run(Object tool, String[] arguments) {
        System.exit(new CommandLine(tool)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    CommandFailure.explain(problem, command.getErr());
                    return FAILED;
                })
                .execute(arguments));
    }
}
