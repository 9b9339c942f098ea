package org.commissure.coordinator.backup;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.round.RunMachine;
import org.commissure.coordinator.round.RunState;
import org.commissure.coordinator.storage.Continuity;
import org.commissure.coordinator.storage.Database;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.backup.BackupReader;
import org.commissure.privacy.backup.StagingFolder;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** Makes a home of a backup: beside it first, checked there, and only then under its name. */
public final class HomeRestore {
    private HomeRestore() {}

    /**
     * What was restored.
     *
     * @param logEntries how many entries the restored log has; a site that saw more refuses it
     * @param hasKeys false where the backup was made without a passphrase
     */
    public record Restored(BackupManifest manifest, long logEntries, boolean hasKeys) {}

    /**
     * Restores {@code archive}.
     *
     * @param target does not exist or is empty
     * @throws UserError if anything does not fit; then {@code target} is untouched
     */
    public static Restored restore(Path archive, Path target, char @Nullable [] passphrase) {
        try {
            StagingFolder.requireEmpty(target);
            try (StagingFolder staging = StagingFolder.beside(target)) {
                BackupManifest manifest = BackupReader.extract(archive, staging.folder(), HomeBackup.KIND, passphrase);
                CoordinatorHome home = new CoordinatorHome(staging.folder());
                LogVerification log = LogVerifier.verify(home.log());
                if (!log.ok()) {
                    throw unfit("its log does not verify: "
                            + log.problem()
                                    .or(() -> log.firstBadEntry().map(Object::toString))
                                    .orElse("an entry is not vouched for"));
                }
                try (Database database = Database.open(home.databaseFile())) {
                    check(Continuity.of(database), home, log.size());
                }
                staging.become(target);
                return new Restored(manifest, log.size(), HomeBackup.hasKeys(new CoordinatorHome(target)));
            }
        } catch (IOException e) {
            throw new UserError(
                    archive + " cannot be restored: " + e.getMessage(),
                    "check the file, free space and permissions",
                    e);
        }
    }

    private static void check(Continuity database, CoordinatorHome home, long logEntries) {
        if (!database.fits(logEntries)) {
            throw unfit("its log has " + logEntries + " entries, which does not fit its database");
        }
        if (!database.newestRun().isEmpty()) {
            RunState run = RunMachine.replay(database.newestRun());
            ModelStore models =
                    new ModelStore(home.runs().resolve(run.plan().runId()).resolve("models"));
            if (!models.has(run.modelSha256())) {
                throw unfit("the newest model of run " + run.plan().runId() + " is not in it");
            }
        }
    }

    private static UserError unfit(String why) {
        return new UserError("the backup is not consistent: " + why, "take another backup; this one is not restored");
    }
}
