package org.commissure.site.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command states its result: lines for a person or, with {@code --json}, facts for a program. */
final class FactsOption {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    /** Whether a program reads the result; progress is then not printed either. */
    boolean asJson() {
        return json;
    }

    /** Prints the facts, or what {@code lines} writes. */
    void print(Map<String, ?> facts, Consumer<PrintWriter> lines) {
        PrintWriter out = Output.of(command);
        if (json) {
            Output.json(out, facts);
        } else {
            lines.accept(out);
            out.flush();
        }
    }
}
