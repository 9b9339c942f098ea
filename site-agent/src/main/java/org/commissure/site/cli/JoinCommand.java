package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.Enrolment;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.preflight.Finding;
import org.commissure.site.preflight.Preflight;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = {
            "From an invitation to a connected site in one command: preflight, enrolment, and then 'serve' until"
                    + " stopped.",
            "An interrupted join is repeated with the same command: a home that is enrolled already is only served."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped", "1:the preflight found something; nothing was changed", "3:failed or refused"},
        footer = {
            "",
            "Example:",
            "  commissure site join invitation.json --home /srv/commissure --data /data/bids --fingerprint HEX"
        })
final class JoinCommand implements Callable<Integer> {
    private static final int NO = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "INVITATION", description = "what the coordinator's operator sent")
    private Path invitationFile = Path.of("");

    @Mixin
    private NewHomeOptions options = new NewHomeOptions();

    @Override
    public Integer call() {
        PrintWriter out = Output.of(spec);
        Invitation invitation = Invitation.read(invitationFile);
        options.requireFingerprint(invitation.authoritySha256(), invitationFile);
        SiteHome home = new SiteHome(options.home());
        boolean enrolled = Files.exists(home.settings());
        if (enrolled && !home.readSettings().site().equals(invitation.site())) {
            throw new UserError(
                    options.home() + " is another site than '" + invitation.site() + "'", "choose another --home");
        }
        List<Finding> findings = (enrolled
                        ? Preflight.of(home)
                        : Preflight.of(
                                invitation, options.home(), options.start().data()))
                .run(Clock.systemUTC());
        PreflightCommand.print(findings, out);
        if (!findings.stream().allMatch(Finding::ok)) {
            return NO;
        }
        if (!enrolled) {
            Enrolment.Fingerprints made = options.enrolment().enrol(invitationFile, options.home(), options.start());
            out.println("enrolled site " + made.site() + " in federation " + made.federation());
            out.println("  authority fingerprint  " + made.authoritySha256()
                    + (options.fingerprint().isPresent() ? "  (as you heard it)" : "  (compare it by telephone)"));
            out.flush();
        }
        return ServeCommand.serve(home, List.of(), Optional.empty(), Optional.empty());
    }
}
