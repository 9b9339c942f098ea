package org.commissure.site.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who decides; kept at the site only. */
final class StewardNameOption {
    @Option(
            names = "--steward",
            paramLabel = "NAME",
            description = "who decides (default: the account that runs the command); stays at the site")
    private @Nullable String steward;

    String name() {
        return steward == null ? System.getProperty("user.name", "unknown") : steward;
    }
}
