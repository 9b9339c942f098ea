package org.commissure.privacy.audit;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * What the personal facts of a log's entries stand for. The log holds only {@code
 * sha256:<hex>} of a random salt, the fact's name and its value; the folder holds one file for each,
 * at the actor's home and never in the log. Erasing the file leaves an entry that verifies as before
 * and that nobody can open or guess any more, because 32 random bytes are gone. Thread-safe.
 */
public final class Openings {
    /** How a fact's value begins that is a commitment. */
    public static final String PREFIX = "sha256:";

    private static final Pattern COMMITMENT = Pattern.compile(PREFIX + "[0-9a-f]{64}");
    private static final String DOMAIN = "commissure/v1/personal\0";
    private static final int SALT_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path folder;
    private final SecureRandom random = new SecureRandom();

    public Openings(Path folder) {
        this.folder = folder;
    }

    @JsonPropertyOrder({"name", "salt", "value"})
    private record Opening(String name, String salt, String value) {}

    /** Stores an opening durably and gives the commitment. */
    String commit(String name, String value) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        String commitment = hash(salt, name, value);
        try {
            DurableFile.writeSecret(
                    file(commitment),
                    JSON.writeValueAsBytes(new Opening(name, HexFormat.of().formatHex(salt), value)));
        } catch (IOException e) {
            throw new UserError(
                    folder + " cannot be written: " + e.getMessage(), "free space or check its permissions", e);
        }
        return commitment;
    }

    /** The value of a fact, if it is a commitment whose opening is here and fits. */
    public Optional<String> open(String name, String commitment) {
        if (!COMMITMENT.matcher(commitment).matches()) {
            return Optional.empty();
        }
        try {
            Opening opening = JSON.readValue(Files.readAllBytes(file(commitment)), Opening.class);
            byte[] salt = HexFormat.of().parseHex(opening.salt());
            boolean fits = opening.name().equals(name)
                    && hash(salt, name, opening.value()).equals(commitment);
            return fits ? Optional.of(opening.value()) : Optional.empty();
        } catch (NoSuchFileException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UserError(file(commitment) + " cannot be read", "check its permissions", e);
        }
    }

    /**
     * Erases what a commitment stands for.
     *
     * @return whether it was here
     * @throws UserError if {@code commitment} is none, or its file cannot be deleted
     */
    public boolean erase(String commitment) {
        if (!COMMITMENT.matcher(commitment).matches()) {
            throw new UserError(
                    "'" + commitment + "' is not a commitment", "copy the fact's value from 'audit query --json'");
        }
        try {
            return DurableFile.delete(file(commitment));
        } catch (IOException e) {
            throw new UserError(file(commitment) + " cannot be deleted", "check the folder's permissions", e);
        }
    }

    private Path file(String commitment) {
        return folder.resolve(commitment.substring(PREFIX.length()) + ".json");
    }

    private static String hash(byte[] salt, String name, String value) {
        MessageDigest digest = MerkleHash.sha256();
        digest.update(DOMAIN.getBytes(StandardCharsets.UTF_8));
        digest.update(salt);
        digest.update((name + "\0" + value).getBytes(StandardCharsets.UTF_8));
        return PREFIX + HexFormat.of().formatHex(digest.digest());
    }
}
