package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.site.enrolment.SiteHome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exit 0: copied. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the coordinator's log into a folder, which every other command of 'audit' reads",
            "without any network. Into an older copy it fetches what is new. Believes nothing: run",
            "'audit verify' on the folder, with --checkpoint of the copy before."
        },
        footerHeading = "%nExample:%n",
        footer = "  commissure audit copy https://fed.example.org:8444 log --home /srv/commissure")
final class AuditCopyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ADDRESS", description = "The coordinator's log, https://HOST:PORT.")
    private String address = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "The folder of the copy.")
    private Path folder = Path.of("");

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "An enrolled site's folder.")
    private Path home = Path.of("");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        long size;
        try {
            size = LogCopy.fetch(address, new SiteHome(home), folder);
        } catch (IOException e) {
            throw LogCopy.unreachable(address, e);
        }
        if (spec != null) {
            spec.commandLine().getOut().println(size + " entries in " + folder + "; now verify it");
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
