package org.commissure.site.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.BundleKind;
import org.commissure.privacy.audit.LogBundle;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.Receipt;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.enrolment.SiteHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts of a real log, without any process. */
class ReceiptBoxTest {
    private static final String MASKED = "ab".repeat(32);

    @TempDir
    private Path folder;

    private FederationAuthority authority;
    private byte[] receipt = {};

    @BeforeEach
    void aLogOfOneReleasedSum() {
        authority = FederationAuthority.create(folder.resolve("ca"), "net", Clock.systemUTC());
        SigningIdentity coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        SigningIdentity site = authority.issueSigning(Role.SITE, "A");
        try (TransparencyLog log = TransparencyLog.create(
                folder.resolve("log"), "commissure/net", authority.certificate(), folder.resolve("log.key"))) {
            log.append(
                    List.of(
                            site.sign(entry(Actions.UPDATE_MASKED, "A")
                                    .fact("kind", "TRAIN")
                                    .fact("sha256", MASKED)
                                    .build()),
                            coordinator.sign(entry(Actions.UPLOAD_COMPLETED, "coordinator")
                                    .fact("masked_sha256", MASKED)
                                    .fact("site", "A")
                                    .fact("sum", "TRAIN")
                                    .build()),
                            coordinator.sign(entry(Actions.SURVIVORS_AGREED, "coordinator")
                                    .fact("sum", "TRAIN")
                                    .fact("survivors", "A B C")
                                    .build()),
                            coordinator.sign(entry(Actions.SUM_RELEASED, "coordinator")
                                    .fact("sum", "TRAIN")
                                    .fact("sum_sha256", "cd".repeat(32))
                                    .fact("survivors", "A B C")
                                    .build())),
                    List.of(site.certificate(), coordinator.certificate()));
        }
        Path log = folder.resolve("log");
        receipt = LogBundle.of(
                log,
                BundleKind.RECEIPT,
                Receipt.of("A", LogReader.read(log)).getFirst().entries());
    }

    @Test
    void aReceiptIsKeptAndListedWithWhatItProves() throws Exception {
        ReceiptBox box = box("A");
        assertThat(box.has(sum(1, SumKind.TRAIN))).isFalse();
        assertThat(box.keep(sum(1, SumKind.TRAIN), receipt)).isEmpty();
        assertThat(box.has(sum(1, SumKind.TRAIN))).isTrue();
        assertThat(box.list()).singleElement().satisfies(checked -> {
            Receipt proved = checked.receipt().orElseThrow();
            assertThat(proved.maskedSha256()).isEqualTo(MASKED);
            assertThat(proved.survivors()).containsExactly("A", "B", "C");
        });
    }

    @Test
    void anAlteredReceiptAnotherSumAnotherSiteAndAnotherFederationAreNotBelieved() throws Exception {
        ReceiptBox box = box("A");
        for (int at = 0; at < receipt.length; at += 97) {
            byte[] altered = receipt.clone();
            altered[at] ^= 1;
            assertThat(box.keep(sum(1, SumKind.TRAIN), altered))
                    .as("byte " + at)
                    .isPresent();
        }
        assertThat(box.keep(sum(2, SumKind.TRAIN), receipt)).contains("it is about another sum");
        assertThat(box.keep(sum(1, SumKind.EVALUATE), receipt)).contains("it is about another sum");
        assertThat(box("B").keep(sum(1, SumKind.TRAIN), receipt)).contains("it is no receipt of this site");
        assertThat(box.list()).isEmpty();

        authority = FederationAuthority.create(folder.resolve("other"), "net", Clock.systemUTC());
        assertThat(box("C").keep(sum(1, SumKind.TRAIN), receipt))
                .hasValueSatisfying(problem -> assertThat(problem).contains("another federation"));
    }

    private ReceiptBox box(String site) throws Exception {
        SiteHome home = new SiteHome(Files.createDirectories(folder.resolve("home-" + site)));
        new IdentityStore(home.identity()).saveAuthority(authority.certificate());
        Files.writeString(
                home.logVerifierKey(),
                Files.readString(folder.resolve("log").resolve("trust").resolve("log.vkey"), StandardCharsets.UTF_8));
        Files.writeString(home.settings(), """
                federation = "net"
                site = "%s"
                coordinator_host = "127.0.0.1"
                coordinator_port = 1
                authority_sha256 = "%s"
                data = "data"
                """.formatted(site, "0".repeat(64)));
        return ReceiptBox.open(home);
    }

    private static LogEntries entry(String action, String actor) {
        return LogEntries.of(action, Outcome.DONE, Instant.now())
                .actor(actor)
                .run("run-1")
                .round(1)
                .attempt(1);
    }

    private static SumId sum(int round, SumKind kind) {
        return SumId.newBuilder()
                .setRunId("run-1")
                .setRound(round)
                .setKind(kind)
                .setAttempt(1)
                .build();
    }
}
