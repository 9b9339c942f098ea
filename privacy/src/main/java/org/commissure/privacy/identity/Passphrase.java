package org.commissure.privacy.identity;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.SecretFile;
import org.jspecify.annotations.Nullable;

/**
 * What opens the keys of a folder: a PKCS#12 passphrase, or the PIN of a token. The first of these counts: the file
 * that {@code COMMISSURE_PASSPHRASE_FILE} names, {@code COMMISSURE_PASSPHRASE}, the file {@code password} in the
 * folder, the terminal. It never stands on a command line, where every process of the machine could read it.
 * Thread-safe.
 */
public final class Passphrase {
    private static final String FILE = "password";
    private static final String FILE_VARIABLE = "COMMISSURE_PASSPHRASE_FILE";
    private static final String VARIABLE = "COMMISSURE_PASSPHRASE";
    private static final String REMEDY = "name a file with the passphrase in " + FILE_VARIABLE + ", set " + VARIABLE
            + ", or start the command in a terminal";

    /** What was typed once, for a process that opens its folder again. */
    private static final Map<Path, char[]> TYPED = new ConcurrentHashMap<>();

    private final Map<String, String> environment;
    private final @Nullable Path file;

    private Passphrase(Map<String, String> environment, @Nullable Path file) {
        this.environment = environment;
        this.file = file;
    }

    /** As the environment and the folder say. */
    public static Passphrase ofProcess() {
        return new Passphrase(System.getenv(), null);
    }

    /** The first line of {@code file}. */
    public static Passphrase inFile(Path file) {
        return new Passphrase(Map.of(), file);
    }

    static Passphrase of(Map<String, String> environment) {
        return new Passphrase(Map.copyOf(environment), null);
    }

    /** @throws UserError if there is none */
    char[] forReading(Path folder) {
        char[] given = given();
        if (given != null) {
            return given;
        }
        if (Files.exists(folder.resolve(FILE))) {
            return firstLine(folder.resolve(FILE));
        }
        char[] before = TYPED.get(folder.toAbsolutePath());
        if (before != null) {
            return before.clone();
        }
        Console console = System.console();
        if (console == null) {
            throw new UserError(
                    "the keys in " + folder + " are locked with a passphrase, and there is no " + folder.resolve(FILE),
                    REMEDY);
        }
        char[] typed = console.readPassword("passphrase of %s: ", folder);
        if (typed == null || typed.length == 0) {
            throw new UserError("no passphrase was typed", REMEDY);
        }
        TYPED.put(folder.toAbsolutePath(), typed);
        return typed.clone();
    }

    /** As {@link #forReading}; a folder without keys and without a given passphrase gets a random one beside them. */
    char[] forWriting(Path folder, boolean holdsKeys) throws IOException {
        char[] given = given();
        if (given != null) {
            return given;
        }
        if (!Files.exists(folder.resolve(FILE)) && !holdsKeys) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            DurableFile.writeSecret(
                    folder.resolve(FILE), HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
        }
        return forReading(folder);
    }

    private char @Nullable [] given() {
        if (file != null) {
            return firstLine(file);
        }
        String named = environment.get(FILE_VARIABLE);
        if (named != null && !named.isBlank()) {
            return firstLine(Path.of(named));
        }
        String value = environment.get(VARIABLE);
        return value == null || value.isEmpty() ? null : value.toCharArray();
    }

    /**
     * What a file's first line says.
     *
     * @throws UserError if it cannot be read or holds nothing
     */
    public static char[] firstLine(Path file) {
        return SecretFile.firstLine(file, "passphrase");
    }

    @Override
    public String toString() {
        return "Passphrase";
    }
}
