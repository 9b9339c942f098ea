package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.RequestFile;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.Enrolment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "enrol",
        mixinStandardHelpOptions = true,
        description = {
            "Turn an invitation into an enrolled site, or enrol by file where the network must not be used.",
            "Keys are generated here and never leave. The coordinator is believed only if it shows the root"
                    + " whose fingerprint is in the invitation: compare that fingerprint by telephone."
        },
        footer = {
            "",
            "Example:",
            "  commissure site enrol --invitation invitation.json --home /srv/commissure --data /data/bids",
            "Once more with new keys, keeping ledger, policy and split:",
            "  commissure site enrol --invitation invitation.json --again --home /srv/commissure",
            "By file (the operator runs 'commissure coordinator sites issue' in between):",
            "  commissure site enrol --request-out nyu.json --site NYU --federation epilepsy --home /srv/commissure",
            "  commissure site enrol --certificate nyu-certificates.json --fingerprint HEX --home /srv/commissure"
                    + " --data /data/bids",
            "Writes site.toml, policy.toml (read it before you serve), and the identity folder."
        })
final class EnrolCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Way way = new Way();

    static final class Way {
        @Option(names = "--invitation", paramLabel = "FILE", description = "what the coordinator's operator sent")
        private @Nullable Path invitation;

        @Option(
                names = "--request-out",
                paramLabel = "FILE",
                description = "by file, first half: make the keys and write the request here")
        private @Nullable Path requestOut;

        @Option(
                names = "--certificate",
                paramLabel = "FILE",
                description = "by file, second half: what 'sites issue' wrote")
        private @Nullable Path certificate;
    }

    @Mixin
    private NewHomeOptions options = new NewHomeOptions();

    @Option(names = "--again", description = "enrol an existing --home once more, with new keys; everything else stays")
    private boolean again;

    @Option(names = "--site", paramLabel = "NAME", description = "this site's name, for --request-out")
    private @Nullable String site;

    @Option(names = "--federation", paramLabel = "ID", description = "the federation's name, for --request-out")
    private @Nullable String federation;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        Enrolment enrolment = options.enrolment();
        if (way.requestOut != null) {
            request(enrolment, way.requestOut);
        } else if (way.certificate != null) {
            String fingerprint = options.fingerprint()
                    .orElseThrow(() -> new UserError(
                            "there is no --fingerprint", "have the coordinator's operator read the root's to you"));
            print(enrolment.complete(way.certificate, options.home(), options.start(), fingerprint));
        } else if (way.invitation != null) {
            print(byInvitation(enrolment, way.invitation));
        }
        return 0;
    }

    private Enrolment.Fingerprints byInvitation(Enrolment enrolment, Path invitation) {
        options.requireFingerprint(Invitation.read(invitation).authoritySha256(), invitation);
        return again
                ? enrolment.again(invitation, options.home())
                : enrolment.enrol(invitation, options.home(), options.start());
    }

    private void request(Enrolment enrolment, Path file) {
        if (site == null || federation == null) {
            throw new UserError("a request needs --site and --federation", "add both, as the operator named them");
        }
        RequestFile request = enrolment.request(federation, site, options.home(), options.token());
        request.write(file);
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, Map.of("request", file.toString(), "request_sha256", request.fingerprint()));
        } else {
            out.println("request of site " + site + " written to " + file + "; send it to the coordinator's operator");
            out.println("  request fingerprint    " + request.fingerprint());
            out.println("Read the fingerprint to the operator by telephone, and have the root's read to you.");
            out.flush();
        }
    }

    private void print(Enrolment.Fingerprints enrolled) {
        Path home = options.home();
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
    }
}
