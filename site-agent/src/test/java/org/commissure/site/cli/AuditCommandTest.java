package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandTest {
    @TempDir
    private Path home;

    private record Ran(int exit, String out) {}

    @Test
    void aGoodLogVerifiesAndTheFingerprintIsPrintedForComparison() throws Exception {
        String fingerprint = createLog();
        Ran text = run("verify", log());
        assertThat(text.exit()).isZero();
        assertThat(text.out()).contains("verified: 3 entries", fingerprint, "compare this SHA-256");

        Ran json = run("verify", log(), "--json", "--authority", fingerprint, "--checkpoint", log() + "/checkpoint");
        assertThat(json.exit()).isZero();
        JsonNode found = new ObjectMapper().readTree(json.out());
        assertThat(found.get("ok").asBoolean()).isTrue();
        assertThat(found.get("size").asLong()).isEqualTo(3);
        assertThat(found.get("origin").asText()).isEqualTo("commissure/net");
        assertThat(found.get("authority_sha256").asText()).isEqualTo(fingerprint);
        assertThat(found.get("first_bad_entry").isNull()).isTrue();
    }

    @Test
    void theFirstBadEntryIsNamedAndTheExitCodeIsOne() throws Exception {
        createLog();
        Path bundle = Path.of(log(), "tile/entries/000.p/3");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length - 1] ^= 1;
        Files.write(bundle, bytes);
        Ran text = run("verify", log());
        assertThat(text.exit()).isEqualTo(1);
        assertThat(text.out()).contains("NOT VERIFIED", "first bad entry: 2: ");
        JsonNode found =
                new ObjectMapper().readTree(run("verify", log(), "--json").out());
        assertThat(found.get("first_bad_entry").get("index").asLong()).isEqualTo(2);
    }

    @Test
    void anotherAuthorityThanTheExpectedIsAProblem() throws Exception {
        createLog();
        Ran ran = run("verify", log(), "--authority", "00".repeat(32));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).contains("problem: the log is of another federation");
    }

    @Test
    void theHelpTeachesAndAMissingFolderIsAUsageError() {
        Ran help = run("verify", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Examples:", "--checkpoint", "Exit codes:");
        assertThat(run("verify").exit()).isEqualTo(2);
    }

    private String log() {
        return home.resolve("log").toString();
    }

    private String createLog() {
        FederationAuthority authority = FederationAuthority.create(home.resolve("ca"), "net", Clock.systemUTC());
        SigningIdentity coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        try (TransparencyLog log = TransparencyLog.create(
                home.resolve("log"), "commissure/net", authority.certificate(), home.resolve("log.key"))) {
            for (String action : List.of(Actions.FEDERATION_CREATED, Actions.SITE_INVITED, Actions.RUN_STARTED)) {
                log.append(
                        List.of(coordinator.sign(LogEntries.of(action, Outcome.DONE, Instant.now())
                                .actor("coordinator")
                                .build())),
                        List.of(coordinator.certificate()));
            }
        }
        return Certificates.fingerprint(authority.certificate());
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new AuditCommand());
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(new StringWriter(), true));
        return new Ran(command.execute(arguments), out.toString());
    }
}
