package org.commissure.coordinator.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Arrays;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.SecretFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --password-file}, or the terminal: never the command line, which every process of the machine can read. */
final class PasswordOption {
    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its first line is the password; without it, the terminal asks.")
    private @Nullable Path file;

    /** @throws UserError if there is none, or the two that were typed differ */
    char[] read(String user) {
        Path from = file;
        if (from != null) {
            return SecretFile.firstLine(from, "password");
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new UserError("there is no terminal to ask for the password", "name a file with --password-file");
        }
        char[] once = console.readPassword("new password of %s: ", user);
        char[] again = console.readPassword("once more: ");
        if (once == null || again == null || !Arrays.equals(once, again)) {
            throw new UserError("the two passwords differ", "type the same one twice");
        }
        return once;
    }
}
