package org.commissure.site.cli;

import java.nio.file.Path;
import org.commissure.privacy.identity.Passphrase;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --passphrase-file}: what locks the keys that enrolment makes. */
final class PassphraseOption {
    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "its first line locks the keys, or is the token's PIN; else COMMISSURE_PASSPHRASE_FILE,"
                    + " COMMISSURE_PASSPHRASE, or a random one beside the keys. 'site serve' reads the two variables, or"
                    + " asks in a terminal")
    private @Nullable Path file;

    Passphrase passphrase() {
        return file == null ? Passphrase.ofProcess() : Passphrase.inFile(file);
    }
}
