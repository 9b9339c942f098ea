package org.commissure.site.cli;

import picocli.CommandLine.Option;

/** The same seed gives the same simulations. */
final class RegionalNoiseOption {
    @Option(names = "--seed", paramLabel = "S", description = "of the noise (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    long seed() {
        return seed;
    }
}
