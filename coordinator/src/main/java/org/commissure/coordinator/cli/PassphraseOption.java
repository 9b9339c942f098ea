package org.commissure.coordinator.cli;

import java.nio.file.Path;
import org.commissure.privacy.identity.Passphrase;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --passphrase-file}: what locks the keys that a command reads or writes. */
final class PassphraseOption {
    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Its first line locks the keys; else COMMISSURE_PASSPHRASE_FILE, COMMISSURE_PASSPHRASE, or a"
                    + " random one beside them.")
    private @Nullable Path file;

    Passphrase passphrase() {
        return file == null ? Passphrase.ofProcess() : Passphrase.inFile(file);
    }
}
