package org.commissure.coordinator.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.commissure.coordinator.storage.PostgresConfig;
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
 * @param tlsCertificateSeconds life of TLS certificates; 30 days unless stated
 * @param runStartApprovals how many operators must approve a study before a run of it starts; 1 unless stated
 * @param consolePort where people look at the federation in a browser; absent: nowhere; 0 takes a free one
 * @param database a PostgreSQL server that keeps the state; absent: the file {@code coordinator.db} of the home
 */
public record CoordinatorConfig(
        String federation,
        String host,
        int port,
        OptionalInt logPort,
        OptionalInt tlsCertificateSeconds,
        OptionalInt runStartApprovals,
        OptionalInt consolePort,
        Optional<PostgresConfig> database) {
    private static final int THIRTY_DAYS_SECONDS = 30 * 86_400;
    private static final int MAXIMUM_APPROVALS = 5;

    /** @throws UserError if a value is out of its range */
    public CoordinatorConfig {
        int life = tlsCertificateSeconds.orElse(THIRTY_DAYS_SECONDS);
        if (life < 10 || life > THIRTY_DAYS_SECONDS) {
            throw new UserError(
                    "tls_certificate_seconds is " + life, "choose 10 to " + THIRTY_DAYS_SECONDS + " (30 days)");
        }
        int approvals = runStartApprovals.orElse(1);
        if (approvals < 1 || approvals > MAXIMUM_APPROVALS) {
            throw new UserError("run_start_approvals is " + approvals, "choose 1 to " + MAXIMUM_APPROVALS);
        }
    }

    /** A coordinator that does not serve its log. */
    public CoordinatorConfig(String federation, String host, int port) {
        this(
                federation,
                host,
                port,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    /** The same with its state in {@code server}. */
    CoordinatorConfig withDatabase(PostgresConfig server) {
        return new CoordinatorConfig(
                federation,
                host,
                port,
                logPort,
                tlsCertificateSeconds,
                runStartApprovals,
                consolePort,
                Optional.of(server));
    }

    Duration tlsLife() {
        return Duration.ofSeconds(tlsCertificateSeconds.orElse(THIRTY_DAYS_SECONDS));
    }

    int approvalsNeeded() {
        return runStartApprovals.orElse(1);
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
