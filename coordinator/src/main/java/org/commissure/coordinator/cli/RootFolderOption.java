package org.commissure.coordinator.cli;

import java.nio.file.Path;
import org.commissure.privacy.identity.Passphrase;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The root's folder and what opens it. */
final class RootFolderOption {
    @Option(names = "--root", required = true, paramLabel = "DIR", description = "The root's folder, kept offline.")
    private Path folder = Path.of("");

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    Path folder() {
        return folder;
    }

    Passphrase passphrase() {
        return passphrase.passphrase();
    }
}
