package org.commissure.privacy.identity;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/** The small JSON files that travel between a federation's members: every field present, none unknown. */
final class StrictJson {
    private static final int MAXIMUM_BYTES = 256 * 1024;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** Replaces {@code file} atomically, mode 0600. */
    static void write(Path file, String what, Object value) {
        try {
            DurableFile.writeSecret(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
        } catch (IOException e) {
            throw new UserError(
                    what + " cannot be written to " + file + ": " + e.getMessage(),
                    "check the folder's permissions and free space",
                    e);
        }
    }

    /** @throws UserError if {@code file} cannot be read or is anything else than a {@code type} */
    static <T> T read(Path file, String what, Class<T> type, String remedy) {
        byte[] bytes;
        try {
            bytes = Files.size(file) > MAXIMUM_BYTES ? new byte[0] : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(what + " " + file + " cannot be read", "check the path and the file's permissions", e);
        }
        return parse(bytes, what + " " + file, type, remedy);
    }

    static <T> T parse(byte[] bytes, String what, Class<T> type, String remedy) {
        try {
            T value = JSON.readValue(bytes, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof UserError problem) {
                throw new UserError(what + ": " + problem.getMessage(), problem.remedy());
            }
            // Jackson's own message may quote the file, and so a token.
        } catch (IOException e) {
            throw new UserError(what + " cannot be read", remedy, e);
        }
        throw new UserError(what + " is damaged, or something else", remedy);
    }
}
