package org.commissure.protocol.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;

/**
 * A file that holds one secret, which a person wrote there because every process of the machine can read a command
 * line. Errors name the file and never repeat what it holds.
 */
public final class SecretFile {
    private SecretFile() {}

    /**
     * The first line, without spaces around it.
     *
     * @param secret what it is, as an error names it: "password"
     * @throws UserError if the file cannot be read, is no text, or its first line is empty
     */
    public static char[] firstLine(Path file, String secret) {
        String line;
        try {
            line = Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (CharacterCodingException e) {
            // Without the cause: nothing of the file may follow from it.
            throw new UserError(file + " is no UTF-8 text", "write the " + secret + " into its first line, as UTF-8");
        } catch (IOException e) {
            throw new UserError(
                    file + " cannot be read, which is to hold the " + secret, "check the path and its permissions", e);
        }
        if (line.isEmpty()) {
            throw new UserError(file + " holds no " + secret, "write it into the first line");
        }
        return line.toCharArray();
    }
}
