package org.commissure.site.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.backup.BackupReader;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.protocol.UserError;
import org.commissure.site.consent.ConsentDesk;
import org.commissure.site.consent.ConsentRegister;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.storage.ConsentStore;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteBackupTest {
    private static final char[] PASSPHRASE = "correct horse battery".toCharArray();
    private static final String SECRET = "a secret of a sum under way";
    private static final String ANSWER = "an answer that may be given once";

    @TempDir
    private Path folder;

    private SiteHome home = new SiteHome(Path.of(""));
    private Path backup = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        home = new SiteHome(Files.createDirectory(folder.resolve("home")));
        backup = folder.resolve("backup");
        Files.writeString(home.settings(), """
            federation = "fed"
            site = "NYU"
            coordinator_host = "127.0.0.1"
            coordinator_port = 8443
            authority_sha256 = "%s"
            data = "/data"
            """.formatted("0".repeat(64)));
        Files.writeString(home.policy(), PolicyFile.DEFAULT);
        Files.createDirectories(home.identity());
        Files.writeString(home.identity().resolve("tls.p12"), "a key");
        Files.createDirectories(home.witness());
        Files.writeString(home.witness().resolve("key"), "the witness's key");
        SiteDatabase.open(home.database())
                .transaction(handle -> List.of("uploaded", "released")
                        .forEach(phase -> handle.execute(
                                "INSERT INTO secure_sum VALUES ('run', 1, 'TRAIN', ?, ?, x'01', ?, ?, '', 1, 1)",
                                phase.equals("uploaded") ? 1 : 2,
                                phase,
                                phase.equals("uploaded") ? SECRET.getBytes(StandardCharsets.UTF_8) : null,
                                phase.equals("uploaded") ? ANSWER.getBytes(StandardCharsets.UTF_8) : null)));
        spend(1, 3);
    }

    private void spend(int first, int last) {
        try (PrivacyLedger ledger = PrivacyLedger.open(home.ledger())) {
            for (int round = first; round <= last; round++) {
                ledger.charge(new Charge(
                        "run", round, 1, Charge.GAUSSIAN, 1, 20, 0.1, 20, 1e-5, Instant.parse("2026-11-01T10:00:00Z")));
            }
        }
    }

    private void write() {
        var unused = SiteBackup.write(home, backup, PASSPHRASE.clone(), Clock.systemUTC());
    }

    @Test
    void noSecretOfASumUnderWayAndNoWitnessIsInABackup() throws IOException {
        write();
        Path inside = Files.createDirectory(folder.resolve("inside"));
        BackupManifest manifest = BackupReader.extract(backup, inside, "site", PASSPHRASE.clone());
        assertThat(manifest.entries().stream().map(BackupManifest.Entry::name))
                .contains("site.toml", "policy.toml", "ledger.jsonl", "site.db", "identity/tls.p12")
                .noneMatch(name -> name.startsWith("witness"));
        assertThat(Files.readString(home.database(), StandardCharsets.ISO_8859_1))
                .contains(SECRET, ANSWER);
        assertThat(Files.readString(inside.resolve("site.db"), StandardCharsets.ISO_8859_1))
                .doesNotContain(SECRET)
                .doesNotContain(ANSWER)
                .contains("abandoned", "released");
        assertThat(Files.readString(backup, StandardCharsets.ISO_8859_1)).doesNotContain("ledger.jsonl");
    }

    @Test
    void aHomeIsRestoredWithItsLedger() throws IOException {
        write();
        Path target = folder.resolve("new");
        assertThat(SiteRestore.restore(backup, target, PASSPHRASE.clone()).charges())
                .isEqualTo(3);
        assertThat(target.resolve("ledger.jsonl")).hasSameBinaryContentAs(home.ledger());
        assertThat(target.resolve("policy.toml")).hasSameBinaryContentAs(home.policy());
    }

    @Test
    void anOlderLedgerNeverReplacesANewerOne() throws IOException {
        write();
        spend(4, 5);
        Path target = Files.createDirectory(folder.resolve("machine"));
        Path survived = Files.copy(home.ledger(), target.resolve("ledger.jsonl"));
        assertThatThrownBy(() -> SiteRestore.restore(backup, target, PASSPHRASE.clone()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is newer than the backup's ledger");
        assertThat(survived).hasSameBinaryContentAs(home.ledger());
        try (var left = Files.list(target)) {
            assertThat(left).containsExactly(survived);
        }
    }

    @Test
    void aLedgerThatTheBackupGoesOnFromIsReplaced() throws IOException {
        Path target = Files.createDirectory(folder.resolve("machine"));
        Files.copy(home.ledger(), target.resolve("ledger.jsonl"));
        spend(4, 5);
        write();
        assertThat(SiteRestore.restore(backup, target, PASSPHRASE.clone()).charges())
                .isEqualTo(5);
    }

    @Test
    void anotherLedgerIsNeverReplaced() throws IOException {
        write();
        Path target = Files.createDirectory(folder.resolve("machine"));
        Path other = Files.writeString(target.resolve("ledger.jsonl"), "{\"sequence\":1}\n");
        assertThatThrownBy(() -> SiteRestore.restore(backup, target, PASSPHRASE.clone()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tell of different charges");
        assertThat(other).hasContent("{\"sequence\":1}\n");
    }

    @Test
    void whoWithdrewAfterTheBackupStaysWithdrawnBesideTheNewerLedger() throws IOException {
        ByteString before = withdraw(home, "sub-0001");
        write();
        ByteString after = withdraw(home, "sub-0002");
        SiteHome restored = new SiteHome(folder.resolve("new"));
        var unused = SiteRestore.restore(backup, restored.directory(), PASSPHRASE.clone());
        Files.copy(home.ledger(), restored.ledger(), StandardCopyOption.REPLACE_EXISTING);

        assertThat(ConsentDesk.open(restored, Clock.systemUTC()).withdrawn()).isEqualTo(2);
        ByteString third = withdraw(restored, "sub-0003");
        assertThat(register(restored).withdrawn().patients()).containsExactlyInAnyOrder(before, after, third);
        assertThat(LedgerContents.read(restored.ledger()).withdrawn()).isEqualTo(3);
    }

    private static ConsentRegister register(SiteHome site) {
        SiteDatabase database = SiteDatabase.open(site.database());
        return new ConsentRegister(new ConsentStore(database), new SealStore(database).salt(new SecureRandom()));
    }

    /** As the register and the ledger note it. */
    private static ByteString withdraw(SiteHome site, String patient) {
        SiteDatabase database = SiteDatabase.open(site.database());
        ByteString name = register(site).name(patient);
        database.transaction(handle -> new ConsentStore(database).add(handle, name, true, 1));
        try (PrivacyLedger ledger = PrivacyLedger.open(site.ledger())) {
            register(site).settle(ledger);
        }
        return name;
    }

    @Test
    void aFolderThatHoldsASiteIsNotOverwritten() {
        write();
        assertThatThrownBy(() -> SiteRestore.restore(backup, home.directory(), PASSPHRASE.clone()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds more than a ledger");
    }

    @Test
    void halfALineThatIsBeingWrittenIsLeftOut() throws IOException {
        byte[] whole = Files.readAllBytes(home.ledger());
        Files.writeString(home.ledger(), "{\"sequence\":4,\"prev", StandardOpenOption.APPEND);
        write();
        Path target = folder.resolve("new");
        var unused = SiteRestore.restore(backup, target, PASSPHRASE.clone());
        assertThat(target.resolve("ledger.jsonl")).hasBinaryContent(whole);
    }

    @Test
    void aShortPassphraseIsRefused() {
        assertThatThrownBy(() -> SiteBackup.write(home, backup, "short".toCharArray(), Clock.systemUTC()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("5 characters");
        assertThat(backup).doesNotExist();
    }
}
