package org.commissure.coordinator.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/**
 * {@code coordinator.toml} in the coordinator's home.
 *
 * @param federation the federation's id, as in every certificate
 * @param host how sites reach the coordinator
 * @param port of gRPC; 0 takes a free one, for tests
 * @param logPort where the log is served over HTTPS; absent: nowhere; 0 takes a free one
 */
public record CoordinatorConfig(String federation, String host, int port, OptionalInt logPort) {

    /** A coordinator that does not serve its log. */
    public CoordinatorConfig(String federation, String host, int port) {
        this(federation, host, port, OptionalInt.empty());
    }

    /** @throws UserError if the file is missing or wrong */
    static CoordinatorConfig read(Path file) {
        try {
            return StrictToml.parse(Files.readString(file), CoordinatorConfig.class);
        } catch (TomlException e) {
            throw new UserError(file + ": " + e.getMessage(), "correct the file", e);
        } catch (IOException e) {
            throw new UserError(
                    file.getParent() + " is not a coordinator's home: " + file.getFileName() + " cannot be read",
                    "create one with 'commissure coordinator init', or name the right --home",
                    e);
        }
    }

    void write(Path file) throws IOException {
        try {
            DurableFile.write(file, StrictToml.write(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that has no TOML form", e);
        }
    }
}
