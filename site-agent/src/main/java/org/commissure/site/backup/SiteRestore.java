package org.commissure.site.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.backup.BackupReader;
import org.commissure.privacy.backup.StagingFolder;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.storage.SiteDatabase;

/** Makes a site's home of a backup: beside it first, checked there, and only then under its name. */
public final class SiteRestore {
    private SiteRestore() {}

    /**
     * What was restored.
     *
     * @param charges in the ledger that the home has now
     */
    public record Restored(BackupManifest manifest, int charges) {}

    /**
     * Restores {@code archive}.
     *
     * @param target does not exist, is empty, or holds nothing but the ledger that survived; a ledger is replaced by the
     *     same one or one that goes on from it, never by an older one or another
     * @throws UserError if anything does not fit; then {@code target} is untouched
     */
    public static Restored restore(Path archive, Path target, char[] passphrase) {
        Path survived = target.resolve(SiteBackup.LEDGER);
        try (StagingFolder staging = StagingFolder.beside(target)) {
            if (!Files.exists(survived)) {
                StagingFolder.requireEmpty(target);
            }
            BackupManifest manifest = BackupReader.extract(archive, staging.folder(), SiteBackup.KIND, passphrase);
            SiteHome home = new SiteHome(staging.folder());
            var settings = home.readSettings();
            int charges = LedgerContents.read(home.ledger()).charges().size();
            if (Files.exists(home.database())) {
                SiteDatabase unused = SiteDatabase.open(home.database());
            }
            if (Files.exists(survived)) {
                requireOlder(survived, home.ledger(), settings.site());
                requireAlone(target);
                Files.delete(survived);
            }
            staging.become(target);
            return new Restored(manifest, charges);
        } catch (IOException e) {
            throw new UserError(
                    archive + " cannot be restored: " + e.getMessage(),
                    "check the file, free space and permissions",
                    e);
        }
    }

    /** Lines are only ever appended, so that one ledger goes on from the other exactly if it begins with it. */
    private static void requireOlder(Path survived, Path restored, String site) throws IOException {
        byte[] here = Files.readAllBytes(survived);
        byte[] backup = Files.readAllBytes(restored);
        if (here.length > backup.length && Arrays.equals(here, 0, backup.length, backup, 0, backup.length)) {
            throw new UserError(
                    survived + " is newer than the backup's ledger of site " + site
                            + ": restoring would forget what was spent",
                    "restore into another folder, then put this ledger there in place of the restored one");
        }
        if (here.length > backup.length || !Arrays.equals(here, 0, here.length, backup, 0, here.length)) {
            throw new UserError(
                    survived + " and the backup's ledger of site " + site + " tell of different charges",
                    "keep both and ask the privacy officer; nothing was restored");
        }
    }

    private static void requireAlone(Path target) throws IOException {
        try (var inside = Files.list(target)) {
            if (inside.count() > 1) {
                throw new UserError(
                        target + " holds more than a ledger",
                        "name a folder that does not exist; nothing is overwritten");
            }
        }
    }
}
