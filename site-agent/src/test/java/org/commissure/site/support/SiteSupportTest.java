package org.commissure.site.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of a home with a canary wherever something secret or personal can be. */
class SiteSupportTest {
    private static final String CANARY = "canary";

    @TempDir
    private Path folder = Path.of("");

    private SiteHome home = new SiteHome(Path.of(""));
    private Path log = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        Path data = Files.createDirectories(folder.resolve("canary-cohort"));
        Files.writeString(data.resolve("participants.tsv"), "participant_id\tage\ncanaryP0042\t31\nZX81\t40\n");
        Files.createDirectories(data.resolve("sub-canaryP0043/func"));
        home = new SiteHome(Files.createDirectory(folder.resolve("home")));
        Files.writeString(home.settings(), """
            federation = "fed"
            site = "NYU"
            coordinator_host = "127.0.0.1"
            coordinator_port = 1
            authority_sha256 = "%s"
            data = "%s"
            """.formatted("0".repeat(64), data));
        Files.writeString(home.policy(), PolicyFile.DEFAULT + "\n# canary of a comment\n");
        Files.createDirectories(home.identity());
        Files.writeString(home.identity().resolve("tls.p12"), "a canary key");
        Files.writeString(home.identity().resolve("password"), "canary-password\n");
        for (Path part : List.of(home.witness(), home.outgoing(), home.openings(), home.models())) {
            Files.writeString(Files.createDirectories(part).resolve("canary-file"), "canary bytes");
        }
        SiteDatabase.open(home.database())
                .transaction(handle -> handle.execute(
                        "INSERT INTO secure_sum VALUES ('run', 1, 'TRAIN', 1, 'uploaded', x'01', ?, ?, '', 1, 1)",
                        "canary secret".getBytes(StandardCharsets.UTF_8),
                        "canary answer".getBytes(StandardCharsets.UTF_8)));
        try (PrivacyLedger ledger = PrivacyLedger.open(home.ledger())) {
            ledger.charge(new Charge(
                    "run", 1, 1, Charge.GAUSSIAN, 1, 20, 0.1, 20, 1e-5, Instant.parse("2026-11-01T10:00:00Z")));
        }
        log = Files.writeString(folder.resolve("serve.log"), """
                12:00:00 INFO  round 3 begins
                12:00:01 WARN  canaryP0042 is short; ZX81 is short; %s/sub-canaryP0043 is missing
                12:00:02 WARN  HTTPS_PROXY is http://user:canary@proxy.example.org:3128; passphrase: canary
                12:00:03 INFO  the key canary-password was read
                """.formatted(data));
    }

    @Test
    void noCanaryOfKeysPatientsOrTheCohortsPathIsInABundle() throws IOException {
        Map<String, String> files = write();
        assertThat(files)
                .containsKeys("MANIFEST.json", "versions.json", "configuration.json", "policy.json", "log-1.txt");
        files.forEach(
                (name, text) -> assertThat(text).as(name).doesNotContain(CANARY).doesNotContain("ZX81"));
        assertThat(files.get("log-1.txt")).contains("round 3 begins", "is short", "proxy.example.org");
    }

    @Test
    void whatAnEngineerAsksForIsThere() throws IOException {
        Map<String, String> files = write();
        assertThat(files.get("configuration.json"))
                .contains("NYU", "127.0.0.1:1]", "\"data_folder_can_be_read\" : true");
        assertThat(files.get("policy.json")).contains("epsilonBudget");
        assertThat(files.get("preflight.json")).contains("remedy");
        assertThat(files.get("machine.json")).contains("free_disk_bytes");
        assertThat(files.get("status.json")).contains("cannot be told"); // its keys are canaries
        assertThat(files.get("threads.txt")).contains("no process of this user serves this home");
    }

    @Test
    void aHomeWithoutAnythingStillGivesABundle() throws IOException {
        home = new SiteHome(Files.createDirectory(folder.resolve("empty")));
        Map<String, String> files = write();
        assertThat(files.get("configuration.json")).contains("there is no enrolled site");
        assertThat(files.get("versions.json")).contains("java");
    }

    private Map<String, String> write() throws IOException {
        Path out = folder.resolve("support.zip");
        SiteSupport.of(home, List.of(log), 1, Map.of()).write(out, Clock.systemUTC());
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(out.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                files.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
