package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.site.enrolment.Enrolment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "enrol",
        mixinStandardHelpOptions = true,
        description = {
            "Turn an invitation into an enrolled site.",
            "Keys are generated here and never leave. The coordinator is believed only if it shows the authority"
                    + " whose fingerprint is in the invitation: compare that fingerprint by telephone."
        },
        footer = {
            "",
            "Example:",
            "  commissure site enrol --invitation invitation.json --home /srv/commissure --data /data/bids",
            "Writes site.toml, policy.toml (read it before you serve), and the identity folder."
        })
final class EnrolCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--invitation",
            required = true,
            paramLabel = "FILE",
            description = "what the coordinator's operator sent")
    private Path invitation = Path.of("");

    @Option(
            names = "--home",
            required = true,
            paramLabel = "DIR",
            description = "new folder for this site's keys and state")
    private Path home = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "folder with participants.tsv and the series")
    private Path data = Path.of("");

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "start with this policy.toml instead of the cautious default")
    private @Nullable Path policy;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        Enrolment.Fingerprints enrolled =
                new Enrolment(Clock.systemUTC()).enrol(invitation, home, data, Optional.ofNullable(policy));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("federation", enrolled.federation());
        facts.put("site", enrolled.site());
        facts.put("home", home.toAbsolutePath().normalize().toString());
        facts.put("authority_sha256", enrolled.authoritySha256());
        facts.put("tls_certificate_sha256", enrolled.tlsSha256());
        facts.put("signing_certificate_sha256", enrolled.signingSha256());
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, facts);
        } else {
            out.println("enrolled site " + enrolled.site() + " in federation " + enrolled.federation());
            out.println("  authority fingerprint  " + enrolled.authoritySha256());
            out.println("  TLS certificate        " + enrolled.tlsSha256());
            out.println("  signing certificate    " + enrolled.signingSha256());
            out.println("Compare the authority's fingerprint with the coordinator's operator by telephone,");
            out.println("read " + home.resolve("policy.toml") + ", then: commissure site serve --home " + home);
            out.flush();
        }
        return 0;
    }
}
