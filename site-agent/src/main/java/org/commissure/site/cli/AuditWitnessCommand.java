package org.commissure.site.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.LogExpectation;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.Witness;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exit 0: nothing was ever refused, and the copy fits; 1: not so. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description = {
            "What this site's agent, as a witness, has seen of the federation's log: its key, the last",
            "checkpoint it cosigned, and every checkpoint it refused, with the proof. With a copy of",
            "the log: whether that is the log that this site saw."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0: nothing was refused, and the copy is the log that this site saw",
            "1: something was refused, or the copy is another log",
            "2: wrong usage",
            "3: failed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure audit witness --home /srv/commissure",
            "  commissure audit witness --home /srv/commissure log --json"
        })
final class AuditWitnessCommand implements Callable<Integer> {
    @Option(names = "--home", required = true, paramLabel = "DIR", description = "The site's folder.")
    private Path home = Path.of("");

    @Parameters(arity = "0..1", paramLabel = "LOG", description = "A copied log folder to compare.")
    private Optional<Path> copy = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        SiteHome site = new SiteHome(home);
        SiteSettings settings = site.readSettings();
        Witness witness = site.openWitness();
        List<Path> refusals = witness.refusals();
        Optional<LogVerification> compared = copy.map(folder -> LogVerifier.verify(
                folder, new LogExpectation(Optional.of(settings.authoritySha256()), witness.seen())));
        print(json ? asJson(witness, refusals, compared) : asText(witness, refusals, compared));
        return refusals.isEmpty() && compared.map(LogVerification::ok).orElse(true) ? 0 : 1;
    }

    private static String asText(Witness witness, List<Path> refusals, Optional<LogVerification> compared) {
        StringBuilder text = new StringBuilder();
        text.append("witness key: ").append(witness.verifierKey()).append('\n');
        text.append("last seen:   ").append(witness.size()).append(" entries\n");
        compared.ifPresent(found -> text.append(
                found.ok()
                        ? "the copy has " + found.size() + " entries and is the log that this site saw\n"
                        : AuditText.notVerified(found)));
        refusals.forEach(file -> text.append("REFUSED: ").append(file).append('\n'));
        return text.append(
                        refusals.isEmpty()
                                ? "no checkpoint was refused"
                                : refusals.size() + " checkpoints were refused: the log was forked or shortened; show"
                                        + " the files to the other hospitals")
                .toString();
    }

    private static String asJson(Witness witness, List<Path> refusals, Optional<LogVerification> compared) {
        ObjectNode object = AuditText.JSON
                .createObjectNode()
                .put("witness_key", witness.verifierKey())
                .put("size", witness.size())
                .put("checkpoint", witness.seen().orElse(null));
        refusals.forEach(file -> object.withArray("refused").add(file.toString()));
        compared.ifPresent(found -> object.set("copy", AuditText.asJson(found)));
        return AuditText.pretty(object);
    }

    private void print(String text) {
        if (spec != null) {
            spec.commandLine().getOut().println(text);
            spec.commandLine().getOut().flush();
        }
    }
}
