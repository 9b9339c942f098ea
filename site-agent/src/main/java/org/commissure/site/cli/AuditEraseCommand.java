package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.Openings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exit 0: erased; 1: it was not there. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Erases what a personal fact of the log stands for. The log itself holds only a salted",
            "hash of it and verifies afterwards as before; nobody can open or guess it any more.",
            "Copies of the folder, in backups too, must be erased as well."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: erased", "1: it was not there", "2: wrong usage", "3: failed"},
        footerHeading = "%nExample:%n",
        footer = "  commissure audit erase --openings /srv/commissure/openings sha256:9f86d081…")
final class AuditEraseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMITMENT", description = "The fact's value in the log: sha256: and 64 digits.")
    private String commitment = "";

    @Option(names = "--openings", required = true, paramLabel = "DIR", description = "The folder of openings.")
    private Path openings = Path.of("");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        boolean erased = new Openings(openings).erase(commitment);
        if (spec != null) {
            spec.commandLine().getOut().println(erased ? "erased" : "there is no such opening in " + openings);
            spec.commandLine().getOut().flush();
        }
        return erased ? 0 : 1;
    }
}
