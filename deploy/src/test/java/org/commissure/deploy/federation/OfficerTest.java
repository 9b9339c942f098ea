package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.IdentityStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a privacy officer does with the log of a real run, with no coordinator and with a running one. */
@Tag("e2e")
@ExtendWith(FinishedRun.Provider.class)
final class OfficerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SITE = TinyFederation.SITES.getFirst();
    private static final String HOME = "/srv/commissure";

    private final ProcessFederation processes;

    @TempDir
    private Path folder;

    OfficerTest(FinishedRun run) {
        this.processes = run.processes();
    }

    @Test
    void everyCommandOfTheOfficersPageWorks() throws Exception {
        Path log = copyOfTheLog();
        List<String> commands =
                Files.readAllLines(processes.launcher().root().resolve("docs/privacy-officer.md")).stream()
                        .filter(line -> line.startsWith("commissure audit ") || line.startsWith("commissure site "))
                        .toList();
        assertThat(commands).hasSizeGreaterThan(8);
        for (String command : commands) {
            List<String> arguments = Stream.of(
                            command.replaceFirst("\\s#.*", "").split(" "))
                    .skip(1)
                    .map(argument -> translate(argument, log))
                    .toList();
            Finished ran = processes.launcher().run(arguments);
            assertThat(ran.exit()).as(command + "\n" + ran.everything()).isZero();
        }
        JsonNode receipt = JSON.readTree(processes
                .launcher()
                .run("audit", "verify", translate("receipts/receipt-NYU-run-1-round-2-train.json", log), "--json")
                .orThrow()
                .output());
        assertThat(receipt.get("receipt").get("of").asInt()).isEqualTo(TinyFederation.SITES.size());
    }

    /** The page's examples, as they are here. */
    private String translate(String argument, Path log) {
        return switch (argument) {
            case "log" -> log.toString();
            case "https://fed.example.org:8444" -> processes.logAddress();
            case "NYU" -> SITE;
            case "run-1" -> FinishedRun.RUN_ID;
            case "3f2a" -> plan();
            case "2026-03" -> YearMonth.now(ZoneOffset.UTC).toString();
            case "FINGERPRINT" -> authority();
            case "checkpoint-of-last-month" -> log.resolve("checkpoint").toString();
            default ->
                argument.startsWith(HOME)
                        ? processes.siteHome(SITE) + argument.substring(HOME.length())
                        : argument.matches("(receipts|march\\.|charges\\.).*")
                                ? folder.resolve(argument.replace(
                                                "-NYU-run-1-", "-" + SITE + "-" + FinishedRun.RUN_ID + "-"))
                                        .toString()
                                : argument;
        };
    }

    /** The plan that the run was of. */
    private String plan() {
        try {
            return JSON.readTree(processes
                            .launcher()
                            .run(
                                    "site",
                                    "plans",
                                    "list",
                                    "--home",
                                    processes.siteHome(SITE).toString(),
                                    "--json")
                            .orThrow()
                            .output())
                    .findValue("plan_sha256")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatLeftInAMonthForWhatPurposeAtWhichEpsilonIsOneCommand() throws Exception {
        Finished ran = processes
                .launcher()
                .run(
                        "audit",
                        "query",
                        copyOfTheLog().toString(),
                        "--organisation",
                        SITE,
                        "--month",
                        YearMonth.now(ZoneOffset.UTC).toString(),
                        "--left",
                        "--json")
                .orThrow();
        JsonNode left = JSON.readTree(ran.output()).get("left");
        assertThat(left).hasSize(2 * FinishedRun.ROUNDS + 1); // one training sum each, and each model is scored
        double spent = 0;
        for (JsonNode one : left) {
            assertThat(one.get("organisation").asText()).isEqualTo(SITE);
            assertThat(one.get("purpose").asText()).isNotBlank();
            assertThat(one.get("one_of").asInt()).isEqualTo(TinyFederation.SITES.size());
            if (one.get("sum").asText().equals("TRAIN")) {
                assertThat(one.get("epsilon_spent").asDouble()).isGreaterThan(spent);
                spent = one.get("epsilon_spent").asDouble();
            }
        }
        assertThat(spent).isPositive();
    }

    @Test
    void everySitesWitnessHasCosignedAndTheServedLogIsTheSame() throws Exception {
        List<String> witnesses = TinyFederation.SITES.stream()
                .map(site -> "commissure/tiny/" + site)
                .toList();
        assertThat(Waiting.until(() -> verifyServed().containsAll(witnesses), Duration.ofSeconds(60)))
                .as("cosignatures of %s", verifyServed())
                .isTrue();
        assertThat(Waiting.until(this::aReadByTheSiteIsLogged, Duration.ofSeconds(10)))
                .isTrue();
    }

    @Test
    void goOfTheChecksumDatabaseVerifiesTheLogAndNoTamperedCopy() throws Exception {
        Path log = copyOfTheLog();
        long size = LogReader.read(log).size();
        assertThat(GoLogCheck.of(log, folder)).isEqualTo(new GoLogCheck.Verdict(0, "verified: " + size + " entries\n"));
        try (Stream<Path> files = Files.walk(log)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> path.startsWith(log.resolve("tile")))
                    .toList()) {
                byte[] whole = Files.readAllBytes(file);
                byte[] tampered = whole.clone();
                tampered[whole.length / 2] ^= 1;
                Files.write(file, tampered);
                GoLogCheck.Verdict found = GoLogCheck.of(log, folder);
                assertThat(found.exit()).as(file + ": " + found.output()).isEqualTo(1);
                Files.write(file, whole);
            }
        }
        Files.writeString(
                log.resolve("checkpoint"),
                Files.readString(log.resolve("checkpoint")).replaceFirst("\n" + size + "\n", "\n" + (size - 1) + "\n"));
        assertThat(GoLogCheck.of(log, folder).exit()).isEqualTo(1);
    }

    /** The witnesses of the log that the coordinator serves, which must verify. */
    private List<String> verifyServed() {
        Finished ran = processes
                .launcher()
                .run(
                        "audit",
                        "verify",
                        processes.logAddress(),
                        "--home",
                        processes.siteHome(SITE).toString(),
                        "--authority",
                        authority(),
                        "--json");
        assertThat(ran.exit()).as(ran.everything()).isZero();
        try {
            return JSON.readTree(ran.output()).get("cosignatures").findValuesAsText("witness");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean aReadByTheSiteIsLogged() {
        return LogReader.read(processes.log()).stream()
                .filter(logged -> logged.entry().getAction().equals(Actions.LOG_READ))
                .anyMatch(logged -> Facts.text(logged.entry(), "site").equals(Optional.of(SITE)));
    }

    private String authority() {
        return Certificates.fingerprint(
                new IdentityStore(processes.siteHome(SITE).resolve("identity")).loadAuthority());
    }

    private Path copyOfTheLog() {
        Path copy = folder.resolve("log");
        processes
                .launcher()
                .run(
                        "audit",
                        "copy",
                        processes.logAddress(),
                        copy.toString(),
                        "--home",
                        processes.siteHome(SITE).toString())
                .orThrow();
        return copy;
    }
}
