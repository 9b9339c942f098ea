package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.commissure.site.plan.StewardKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code site stewards …}: keys with which stewards approve in their own name. */
@Command(
        name = "stewards",
        mixinStandardHelpOptions = true,
        description = "Make keys with which data stewards approve plans in their own name.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  commissure site stewards new anna --out anna.key"})
final class StewardsCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = {
                "Make a steward's key. The file is the steward's own: keep it off the agent's machine.",
                "Put the printed line into approval.keys of the policy. Once there is one, an approval without a key"
                        + " counts for nothing."
            },
            footer = {"", "Example:", "  commissure site stewards new anna --out anna.key"})
    int create(
            @Parameters(paramLabel = "NAME", description = "of the steward; stays at the site") String name,
            @Option(names = "--out", required = true, paramLabel = "FILE", description = "a new file for the key")
                    Path file) {
        StewardKey key = StewardKey.create(name, file);
        PrintWriter out = Output.of(spec);
        out.println("wrote " + file + "; for approval.keys of the policy:");
        out.println("\"" + key.publicLine() + "\"");
        out.flush();
        return 0;
    }
}
