package org.commissure.client;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.federation.Coordinator;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.loopback.LoopbackPorts;

/** A real coordinator with a console on loopback, and a run of sites that are all away. */
final class ServedRun implements AutoCloseable {
    static final String PASSWORD = "a password for the tests";
    static final String RUN = "run-1";

    final Path root;
    final URI console;
    private final Coordinator coordinator;

    ServedRun(Path folder) throws IOException {
        int port = LoopbackPorts.free();
        Clock clock = Clock.systemUTC();
        CoordinatorHome home = new CoordinatorHome(folder.resolve("coordinator"));
        home.create(new CoordinatorConfig("test", "localhost", port), clock);
        ModelStore.StoredModel model = new ModelStore(home.runs().resolve(RUN).resolve("models"))
                .importFrom(safetensors(folder.resolve("initial.safetensors")));
        IdentityStore own = new IdentityStore(home.identity());
        try (Database database = home.openDatabase()) {
            LogOutbox outbox = new LogOutbox(database, own.loadSigning(), own.loadAuthority());
            ConsoleUsers users = new ConsoleUsers(database);
            String hash = Passwords.hash(PASSWORD.toCharArray());
            users.add(new ConsoleUsers.User("anna", "viewer", hash, clock.instant()));
            users.add(new ConsoleUsers.User("carl", "coordinator", hash, clock.instant()));
            ByteString some = ByteString.copyFromUtf8("certificate");
            new RunStore(database, outbox)
                    .begin(
                            new RunEvent.RunStarted(
                                    clock.millis(),
                                    RUN,
                                    "test",
                                    Files.readString(Path.of("src/test/resources/study.toml")),
                                    model.sha256(),
                                    model.parameterCount(),
                                    Map.of("A", some, "B", some, "C", some),
                                    Set.of(),
                                    some),
                            List.of());
        }
        root = home.identity().resolve("authority.pem");
        coordinator = Coordinator.open(home, clock, OptionalInt.of(0));
        console = URI.create("https://localhost:" + coordinator.consolePort().orElseThrow());
    }

    private static Path safetensors(Path file) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 10; i++) {
            data.putFloat(i);
        }
        byte[] header =
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[10],\"data_offsets\":[0,40]}}".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        out.write(data.array());
        return Files.write(file, out.toByteArray());
    }

    ConsoleClient signIn(String name) throws IOException, InterruptedException {
        return ConsoleClient.signIn(console, root, name, PASSWORD.toCharArray());
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
