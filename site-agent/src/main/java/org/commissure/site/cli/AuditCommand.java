package org.commissure.site.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.LogExpectation;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit}: what a privacy officer does with the log, offline. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Checks the federation's log, offline, from a copy of its folder.",
        subcommands = AuditCommand.Verify.class)
public final class AuditCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    /** Without a subcommand: says which there are. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Exit 0: the log verifies; 1: it does not. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Checks every entry's signature and certificate, every stored hash, and the signed",
                "checkpoint, and names the first bad entry. Needs no network.",
                "A folder cannot prove whose log it is: compare the printed fingerprint with the one",
                "that the coordinator reads to you, or give it with --authority. It cannot prove",
                "either that it was never shortened: give a checkpoint that you kept from before."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0: the log verifies", "1: the log does not verify", "2: wrong usage", "3: no log there"},
            footerHeading = "%nExamples:%n",
            footer = {
                "  commissure audit verify run/coordinator/log",
                "  commissure audit verify log --json --checkpoint checkpoint-of-last-month",
                "  commissure audit verify log --authority 3b1f…"
            })
    static final class Verify implements Callable<Integer> {
        private static final ObjectMapper JSON = new ObjectMapper();

        @Parameters(paramLabel = "DIR", description = "The log's folder: it holds 'checkpoint' and 'tile'.")
        private Path folder = Path.of("");

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Option(
                names = "--authority",
                paramLabel = "SHA256",
                description = "Fingerprint of the federation's authority that you know from elsewhere.")
        private Optional<String> authority = Optional.empty();

        @Option(
                names = "--checkpoint",
                paramLabel = "FILE",
                description = "An earlier checkpoint of this log: the log must extend it.")
        private Optional<Path> earlier = Optional.empty();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            LogVerification found = LogVerifier.verify(
                    folder,
                    new LogExpectation(
                            authority.map(hex -> hex.replace(":", "").toLowerCase(Locale.ROOT)),
                            earlier.map(Verify::read)));
            String text = json ? asJson(found) : asText(found);
            if (spec != null) {
                PrintWriter out = spec.commandLine().getOut();
                out.println(text);
                out.flush();
            }
            return found.ok() ? 0 : 1;
        }

        private String asText(LogVerification found) {
            StringBuilder text = new StringBuilder();
            if (found.ok()) {
                text.append("verified: ").append(found.size()).append(" entries, all signed, in order and under the");
                text.append(" signed checkpoint\n");
            } else {
                text.append("NOT VERIFIED\n");
                found.firstBadEntry()
                        .ifPresent(bad -> text.append("first bad entry: ")
                                .append(bad.index())
                                .append(": ")
                                .append(bad.problem())
                                .append('\n'));
                found.problem()
                        .ifPresent(problem ->
                                text.append("problem: ").append(problem).append('\n'));
            }
            text.append("log:        ").append(found.origin()).append('\n');
            text.append("root:       ").append(found.rootHex()).append('\n');
            text.append("log key:    ").append(found.verifierKey()).append('\n');
            text.append("authority:  ").append(found.authoritySha256());
            if (authority.isEmpty()) {
                text.append("\n            compare this SHA-256 with the one the coordinator reads to you");
            }
            return text.toString();
        }

        private static String asJson(LogVerification found) {
            ObjectNode object = JSON.createObjectNode();
            object.put("ok", found.ok());
            object.put("size", found.size());
            object.put("root", found.rootHex());
            object.put("origin", found.origin());
            object.put("authority_sha256", found.authoritySha256());
            object.put("log_verifier_key", found.verifierKey());
            found.firstBadEntry()
                    .ifPresentOrElse(
                            bad -> object.putObject("first_bad_entry")
                                    .put("index", bad.index())
                                    .put("problem", bad.problem()),
                            () -> object.putNull("first_bad_entry"));
            object.put("problem", found.problem().orElse(null));
            try {
                return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an object of plain values", e);
            }
        }

        private static String read(Path checkpoint) {
            try {
                return Files.readString(checkpoint, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UserError(checkpoint + " cannot be read", "name a copy of the log's file 'checkpoint'", e);
            }
        }
    }
}
