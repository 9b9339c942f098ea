package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import org.commissure.coordinator.backup.HomeBackup;
import org.commissure.coordinator.backup.HomeRestore;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Homes of real federations, backed up while they serve. */
@Timeout(120)
class BackupTest {
    private static final char[] PASSPHRASE = "correct horse battery".toCharArray();

    @TempDir
    Path folder;

    @Test
    void backupsTakenDuringARunAllRestoreToHomesThatServe() throws Exception {
        int backups = 0;
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            federation.connectAll();
            boolean over = false;
            federation.start(Studies.text(3, 2, 20), new float[TestFederation.PARAMETERS], "run-1");
            Path card = federation.home.runs().resolve("run-1/model-card.md");
            while (!over && backups < 12) {
                over = Files.exists(card);
                HomeBackup.write(federation.home, folder.resolve("backup-" + backups), PASSPHRASE, Clock.systemUTC());
                backups++;
            }
            eventually(() -> Files.exists(card));
        }
        assertThat(backups).isGreaterThan(2);
        for (int i = 0; i < backups; i++) {
            Path home = folder.resolve("restored-" + i);
            HomeRestore.Restored restored =
                    HomeRestore.restore(folder.resolve("backup-" + i), home, PASSPHRASE.clone());
            assertThat(restored.hasKeys()).isTrue();
            assertThat(Long.toString(restored.logEntries()))
                    .isEqualTo(restored.manifest().facts().get("log_entries"));
            Coordinator.open(new CoordinatorHome(home), Clock.systemUTC()).close();
        }
    }

    @Test
    void withoutAPassphraseTheBackupHoldsNoKey() throws Exception {
        CoordinatorHome home = home();
        Path backup = folder.resolve("open");
        BackupManifest made = HomeBackup.write(home, backup, null, Clock.systemUTC());
        assertThat(made.entries().stream().map(BackupManifest.Entry::name))
                .contains("coordinator.toml", "coordinator.db", "log/checkpoint", "log/trust/log.vkey")
                .noneMatch(name -> name.matches("(authority|identity|operator|openings|spool)/.*"));
        HomeRestore.Restored restored = HomeRestore.restore(backup, folder.resolve("new"), null);
        assertThat(restored.hasKeys()).isFalse();
        assertThat(folder.resolve("new/identity")).doesNotExist();
    }

    @Test
    void aSealedBackupShowsNothingAndOpensWithItsPassphraseOnly() throws Exception {
        CoordinatorHome home = home();
        Path backup = folder.resolve("sealed");
        HomeBackup.write(home, backup, PASSPHRASE.clone(), Clock.systemUTC());
        String bytes = Files.readString(backup, StandardCharsets.ISO_8859_1);
        assertThat(bytes).doesNotContain("manifest.json").doesNotContain("identity");
        assertThatThrownBy(() -> HomeRestore.restore(backup, folder.resolve("no"), null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is sealed");
        assertThatThrownBy(
                        () -> HomeRestore.restore(backup, folder.resolve("no"), "another horse battery".toCharArray()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("does not open with this passphrase");
        assertThat(folder.resolve("no")).doesNotExist();
        HomeRestore.restore(backup, folder.resolve("yes"), PASSPHRASE.clone());
        assertThat(new IdentityStore(folder.resolve("yes/identity"))
                        .loadSigning()
                        .certificate())
                .isEqualTo(new IdentityStore(home.identity()).loadSigning().certificate());
    }

    @Test
    void everyChangedOrCutByteOfABackupIsRefused() throws Exception {
        CoordinatorHome home = home();
        for (char[] passphrase : new char[][] {null, PASSPHRASE}) {
            Path backup = folder.resolve("whole-" + (passphrase != null));
            HomeBackup.write(home, backup, passphrase, Clock.systemUTC());
            byte[] whole = Files.readAllBytes(backup);
            // In an open archive a byte may say when a file was written, which nobody reads; these are of a file's
            // contents.
            int[] places = passphrase == null ? new int[] {60, 70} : new int[] {60, whole.length / 3, whole.length - 1};
            for (int at : places) {
                byte[] changed = whole.clone();
                changed[at] ^= 4;
                refused(changed, passphrase);
            }
            // What an open archive ends with is a table of contents that nobody needs; a sealed one must be whole.
            for (int length : new int[] {20, whole.length / 2, whole.length - (passphrase == null ? 4_000 : 1)}) {
                refused(Arrays.copyOf(whole, length), passphrase);
            }
        }
    }

    private void refused(byte[] bytes, char[] passphrase) throws IOException {
        Path bad = Files.write(folder.resolve("bad"), bytes);
        assertThatThrownBy(() -> HomeRestore.restore(bad, folder.resolve("none"), passphrase))
                .isInstanceOf(UserError.class);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        CoordinatorHome home = home();
        Path backup = folder.resolve("backup");
        HomeBackup.write(home, backup, null, Clock.systemUTC());
        assertThatThrownBy(() -> HomeBackup.write(home, backup, null, Clock.systemUTC()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists already");
        assertThatThrownBy(() -> HomeRestore.restore(backup, home.folder(), null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not empty");
        assertThat(TestCli.run(
                        "restore", backup.toString(), "--home", home.folder().toString()))
                .isEqualTo(3);
    }

    @Test
    void aDatabaseOlderThanItsLogIsNotRestored() throws Exception {
        CoordinatorHome home = home();
        byte[] older = Files.readAllBytes(home.databaseFile());
        var unused = home.invite("NYU", 1, Clock.systemUTC());
        Coordinator.open(home, Clock.systemUTC()).close();
        Files.deleteIfExists(home.folder().resolve("coordinator.db-wal"));
        Files.deleteIfExists(home.folder().resolve("coordinator.db-shm"));
        Files.write(home.databaseFile(), older);
        Path backup = folder.resolve("mixed");
        HomeBackup.write(home, backup, null, Clock.systemUTC());
        assertThatThrownBy(() -> HomeRestore.restore(backup, folder.resolve("none"), null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("does not fit its database");
    }

    private CoordinatorHome home() throws IOException {
        CoordinatorHome home = new CoordinatorHome(folder.resolve("home"));
        home.create(new CoordinatorConfig("test", "localhost", LoopbackPorts.free()), Clock.systemUTC());
        Coordinator.open(home, Clock.systemUTC()).close();
        return home;
    }
}
