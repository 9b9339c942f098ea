package org.commissure.coordinator.cli;

import java.nio.file.Path;
import org.commissure.privacy.identity.Passphrase;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --passphrase-file} of backups. */
final class BackupPassphraseOption {
    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description =
                    "Its first line, of 12 characters or more, seals the backup. Keep it where the backup is not.")
    private @Nullable Path file;

    char @Nullable [] passphrase() {
        return file == null ? null : Passphrase.firstLine(file);
    }
}
