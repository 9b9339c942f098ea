package org.commissure.site.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commissure.privacy.audit.BundleVerifier;
import org.commissure.privacy.audit.LogExpectation;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.audit.Receipt;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which log a command is about, and what its caller knows of it: the same for all of {@code audit}. */
final class AuditLog {
    @Parameters(
            paramLabel = "LOG",
            description = {
                "A copied log folder (it holds 'checkpoint' and 'tile'), a bundle or receipt (one",
                "file), or the coordinator's log address, https://HOST:PORT, with --home."
            })
    private String location = "";

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "For an address: an enrolled site's folder, whose certificate the coordinator asks for.")
    private Optional<Path> home = Optional.empty();

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

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /**
     * What was read. Entries of a log that does not verify prove nothing, so none are given.
     *
     * @param folder where the log lies; absent for a bundle
     */
    record Opened(
            LogVerification verification, List<LoggedEntry> entries, Optional<Receipt> receipt, Optional<Path> folder) {
        /** The whole log, which some commands need. */
        Path requireFolder() {
            return folder.orElseThrow(() ->
                    new UserError("a bundle holds some entries of a log only", "name the log's folder or its address"));
        }
    }

    boolean knowsAuthority() {
        return authority.isPresent();
    }

    /** Reads and verifies. */
    Opened open() {
        if (location.startsWith("https://")) {
            return openFolder(LogCopy.fetch(location, home));
        }
        Path path = Path.of(location);
        if (Files.isRegularFile(path)) {
            return openBundle(path);
        }
        return openFolder(path);
    }

    private Opened openFolder(Path folder) {
        LogVerification found = LogVerifier.verify(folder, expectation());
        return new Opened(
                found, found.ok() ? LogReader.read(folder) : List.of(), Optional.empty(), Optional.of(folder));
    }

    private Opened openBundle(Path file) {
        if (earlier.isPresent()) {
            throw new UserError(
                    "a bundle cannot prove that the log extends an earlier checkpoint",
                    "give --checkpoint with the log's folder or address");
        }
        try {
            BundleVerifier.Verified found = BundleVerifier.verify(Files.readAllBytes(file), expectation());
            return new Opened(found.verification(), found.entries(), found.receipt(), Optional.empty());
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "check its permissions", e);
        }
    }

    /** Whether the log verifies; if not, that is printed, because it answers nothing then. */
    boolean requireVerified(Opened opened, boolean json) {
        if (!opened.verification().ok()) {
            print(
                    json
                            ? AuditText.pretty(AuditText.asJson(opened.verification()))
                            : AuditText.notVerified(opened.verification()).stripTrailing());
        }
        return opened.verification().ok();
    }

    /** @throws UserError if the disk does not take it */
    static void write(Path file, byte[] bytes) {
        try {
            DurableFile.write(file, bytes);
        } catch (IOException e) {
            throw new UserError(
                    file + " cannot be written: " + e.getMessage(), "choose another place, or free space", e);
        }
    }

    private LogExpectation expectation() {
        return new LogExpectation(
                authority.map(hex -> hex.replace(":", "").toLowerCase(Locale.ROOT)), earlier.map(AuditLog::read));
    }

    private static String read(Path checkpoint) {
        try {
            return Files.readString(checkpoint, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(checkpoint + " cannot be read", "name a copy of the log's file 'checkpoint'", e);
        }
    }

    /** Prints to the command's own output. */
    void print(String text) {
        if (spec != null) {
            spec.commandLine().getOut().println(text);
            spec.commandLine().getOut().flush();
        }
    }
}
