package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.coordinator.storage.TestDatabase;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.loopback.LoopbackPorts;

/** A real coordinator on loopback in a temporary folder, with fake sites. */
final class TestFederation implements AutoCloseable {
    static final int PARAMETERS = 2500;

    final Path folder;
    final CoordinatorHome home;
    final int port;
    final List<FakeSite> sites = new ArrayList<>();
    Coordinator coordinator;

    TestFederation(Path folder, String... names) throws Exception {
        this(folder, OptionalInt.empty(), OptionalInt.empty(), names);
    }

    TestFederation(Path folder, TestDatabase database, String... names) throws Exception {
        this(folder, OptionalInt.empty(), OptionalInt.empty(), database.config(), names);
    }

    TestFederation(Path folder, OptionalInt tlsCertificateSeconds, OptionalInt approvals, String... names)
            throws Exception {
        this(folder, tlsCertificateSeconds, approvals, Optional.empty(), names);
    }

    private TestFederation(
            Path folder,
            OptionalInt tlsCertificateSeconds,
            OptionalInt approvals,
            Optional<PostgresConfig> database,
            String... names)
            throws Exception {
        this.folder = folder;
        port = LoopbackPorts.free();
        home = new CoordinatorHome(folder.resolve("coordinator"));
        home.create(
                new CoordinatorConfig(
                        "test",
                        "localhost",
                        port,
                        OptionalInt.empty(),
                        tlsCertificateSeconds,
                        approvals,
                        OptionalInt.empty(),
                        database),
                Clock.systemUTC());
        coordinator = Coordinator.open(home, Clock.systemUTC());
        for (String name : names) {
            Invitation invitation = home.invite(name, 24, Clock.systemUTC());
            sites.add(
                    FakeSite.enrolled(invitation, EnrolmentToken.decode(invitation.token()), port, folder, PARAMETERS));
        }
    }

    void reopen() {
        coordinator.close();
        coordinator = Coordinator.open(home, Clock.systemUTC());
    }

    void connectAll() throws InterruptedException {
        sites.forEach(FakeSite::connect);
        for (FakeSite site : sites) {
            eventually(() -> site.seen.contains("WELCOME"));
        }
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void eventually(Condition condition) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (Exception e) {
                // not yet
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it did not happen within 30 seconds");
    }

    /** Starts a run of that study, by the command, from made-up parameters. */
    void start(String study, float[] parameters, String runId) throws IOException {
        Path file = Files.writeString(folder.resolve(runId + ".toml"), study);
        assertThat(TestCli.run(
                        "run",
                        "start",
                        "--home",
                        home.folder().toString(),
                        "--study",
                        file.toString(),
                        "--model",
                        model(parameters).toString(),
                        "--run-id",
                        runId))
                .isZero();
    }

    /** Some parameters, and a safetensors file of them. */
    Path model(float[] parameters) throws IOException {
        Random random = new Random(5);
        ByteBuffer data = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) random.nextGaussian();
            data.putFloat(parameters[i]);
        }
        byte[] header = ("{\"w\":{\"dtype\":\"F32\",\"shape\":[" + parameters.length + "],\"data_offsets\":[0,"
                        + data.capacity() + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        out.write(data.array());
        return Files.write(folder.resolve("initial.safetensors"), out.toByteArray());
    }

    /** The parameters in a safetensors file. */
    static float[] read(Path model) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(model)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(8 + (int) bytes.getLong(0));
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        sites.forEach(FakeSite::close);
        coordinator.close();
    }
}
