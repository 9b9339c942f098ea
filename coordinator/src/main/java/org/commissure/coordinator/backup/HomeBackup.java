package org.commissure.coordinator.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.transparency.LogCopy;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.backup.BackupWriter;
import org.commissure.privacy.backup.StagingFolder;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Takes a home while it is being served. While the database can be read but not written, the log's checkpoint is read and
 * the database copied: what that checkpoint does not cover is then in the copy's outbox. The log is copied up to that
 * checkpoint, and runs and queue after the database, so that every file which it names is there.
 *
 * <p>Not in it: {@code spool/}, whose sum is aborted after a restore and begun again with fresh keys.
 */
public final class HomeBackup {
    static final String KIND = "coordinator";
    static final String DATABASE = "coordinator.db";

    private HomeBackup() {}

    /**
     * Writes {@code out}.
     *
     * @param passphrase seals the whole archive; null leaves out every key ({@code authority/}, {@code identity/}, {@code
     *     operator/}), the OpenID client's secret and the personal {@code openings/}
     * @throws UserError if the home cannot be read or {@code out} not be written
     */
    public static BackupManifest write(CoordinatorHome home, Path out, char @Nullable [] passphrase, Clock clock) {
        String federation = home.config().federation();
        try (BackupWriter backup = BackupWriter.begin(out, passphrase);
                StagingFolder staging = StagingFolder.beside(out)) {
            Path copy = staging.folder().resolve(DATABASE);
            byte[] checkpoint;
            try (Database database = home.openDatabase()) {
                checkpoint = database.copyTo(copy, () -> LogCopy.checkpoint(home.log()));
            }
            Path log = staging.folder().resolve("log");
            long entries = LogCopy.upTo(checkpoint, home.log(), log);
            backup.add("coordinator.toml", home.configFile());
            backup.add(DATABASE, copy);
            backup.add("log", log);
            backup.add("runs", home.runs());
            backup.add("queue", home.queue());
            if (passphrase != null) {
                backup.add("authority", home.authority());
                backup.add("identity", home.identity());
                backup.add("operator", home.operator());
                backup.add("openings", home.openings());
                Path provider = ProviderSettings.file(home.folder());
                backup.add(provider.getFileName().toString(), provider);
            }
            return backup.commit(
                    KIND,
                    clock.instant(),
                    Map.of(
                            "federation",
                            federation,
                            "log_entries",
                            Long.toString(entries),
                            "keys",
                            passphrase == null ? "left out" : "sealed",
                            "checkpoint",
                            new String(checkpoint, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UserError(
                    "the backup " + out + " cannot be written: " + e.getMessage(),
                    "check free space and permissions; nothing was left under that name",
                    e);
        }
    }

    /** Whether the keys are there, without which nothing can be served. */
    static boolean hasKeys(CoordinatorHome home) {
        return Files.isDirectory(home.authority())
                && Files.isDirectory(home.identity())
                && Files.isDirectory(home.operator());
    }
}
