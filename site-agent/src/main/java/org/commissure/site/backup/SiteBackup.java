package org.commissure.site.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.backup.BackupWriter;
import org.commissure.privacy.backup.StagingFolder;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.storage.SiteDatabase;

/**
 * Takes a site's home, also while its agent serves, always sealed: the database holds the salt by which ids of patients
 * are hashed. The ledger is read after the database, so that it holds every charge that the database knows of.
 *
 * <p>Not in it: secrets of sums under way, so that no restored site can answer one a second time; {@code witness/}, so
 * that none cosigns a log which it has seen differently; models and vectors, which can be had again.
 */
public final class SiteBackup {
    static final String KIND = "site";
    static final String LEDGER = "ledger.jsonl";

    private SiteBackup() {}

    /**
     * Writes {@code out}.
     *
     * @throws UserError if the home is not an enrolled site's, or {@code out} cannot be written
     */
    public static BackupManifest write(SiteHome home, Path out, char[] passphrase, Clock clock) {
        SiteSettings settings = home.readSettings();
        try (BackupWriter backup = BackupWriter.begin(out, passphrase);
                StagingFolder staging = StagingFolder.beside(out)) {
            Path copy = staging.folder().resolve("site.db");
            if (Files.exists(home.database())) {
                SiteDatabase.open(home.database()).copyWithoutSecrets(copy, clock.millis());
            }
            byte[] ledger = finishedLines(home.ledger());
            backup.add("site.toml", home.settings());
            backup.add("policy.toml", home.policy());
            backup.add(LEDGER, ledger);
            backup.add("site.db", copy);
            backup.add("identity", home.identity());
            backup.add("receipts", home.receipts());
            backup.add("regional", home.regional());
            backup.add("openings", home.openings());
            return backup.commit(
                    KIND,
                    clock.instant(),
                    Map.of("site", settings.site(), "ledger_bytes", Integer.toString(ledger.length)));
        } catch (IOException e) {
            throw new UserError(
                    "the backup " + out + " cannot be written: " + e.getMessage(),
                    "check free space and permissions; nothing was left under that name",
                    e);
        }
    }

    /** What the agent may be appending to: its last line counts once it is whole. */
    static byte[] finishedLines(Path ledger) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(ledger);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            return Arrays.copyOf(bytes, end);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
