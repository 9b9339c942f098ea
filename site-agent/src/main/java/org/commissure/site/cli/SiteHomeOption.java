package org.commissure.site.cli;

import java.nio.file.Path;
import org.commissure.site.enrolment.SiteHome;
import picocli.CommandLine.Option;

/** {@code --home} of an enrolled site. */
final class SiteHomeOption {
    @Option(names = "--home", required = true, paramLabel = "DIR", description = "an enrolled site's folder")
    private Path folder = Path.of("");

    SiteHome home() {
        return new SiteHome(folder);
    }
}
