package org.commissure.deploy.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.deploy.federation.Launcher;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.jspecify.annotations.Nullable;

/**
 * A real OpenID provider as a process of its own, over TLS: {@code src/test/openid}, on the OpenID Certified node-oidc-provider.
 * It is a site of its own for a browser, which reaches it as {@code localhost} and the console as {@code 127.0.0.1}. For one
 * thread.
 */
final class OpenIdProvider implements AutoCloseable {
    static final String CLIENT = "commissure";
    static final String SECRET = "the secret of the client, which is long";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final String RETURNED = "sent back to ";
    private static final String PASSPHRASE = "changeit";

    private final Path folder;
    private final Path program;
    private final int port = LoopbackPorts.free();
    private final Map<String, Object> people = new TreeMap<>();
    private @Nullable Process process;

    /** @param folder for its keys and settings */
    OpenIdProvider(Path folder) {
        this.folder = folder;
        this.program = install();
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "provider",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "provider",
                "-file",
                authority().toString());
    }

    /** As its documents write it. */
    String issuer() {
        return "https://localhost:" + port;
    }

    /** The certificate that vouches for it, for {@code --ca-file}. */
    Path authority() {
        return folder.resolve("provider.pem");
    }

    /** Somebody who has an account there, before it is started. */
    void add(String subject, String name, String password, Map<String, Object> claims) {
        people.put(subject, Map.of("name", name, "password", password, "claims", claims));
    }

    /** Starts it and waits until it listens. */
    void start(String redirectUri) {
        Path settings = folder.resolve("provider.json");
        Path log = folder.resolve("provider.log");
        try {
            Files.write(
                    settings,
                    new ObjectMapper()
                            .writeValueAsBytes(Map.of(
                                    "port",
                                    port,
                                    "clientId",
                                    CLIENT,
                                    "clientSecret",
                                    SECRET,
                                    "redirectUri",
                                    redirectUri,
                                    "keys",
                                    keys().toString(),
                                    "passphrase",
                                    PASSPHRASE,
                                    "people",
                                    people)));
            Process started = new ProcessBuilder("node", program.toString(), settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process = started;
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!Files.readString(log).contains("ready")) {
                if (started.waitFor(Duration.ofMillis(50)) || System.nanoTime() > deadline) {
                    throw new IllegalStateException("the provider does not listen: " + Files.readString(log));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the provider cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the provider started", e);
        }
    }

    /** The address to which it sent a browser back last. */
    String lastReturn() {
        try {
            return Files.readAllLines(folder.resolve("provider.log")).stream()
                    .filter(line -> line.startsWith(RETURNED))
                    .map(line -> line.substring(RETURNED.length()))
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("the provider's log cannot be read", e);
        }
    }

    private Path keys() {
        return folder.resolve("provider.p12");
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keys().toString(), "-storetype", "PKCS12", "-storepass", PASSPHRASE));
        run(folder, command);
    }

    /** The library comes from the npm registry, as the pages' own do; once. */
    private static Path install() {
        Path source = Launcher.find().root().resolve("deploy/src/test/openid");
        Path work = Launcher.find().root().resolve("deploy/target/openid");
        try {
            Files.createDirectories(work);
            Path done = work.resolve("installed-lock.json");
            for (String name : List.of("package.json", "package-lock.json", ".npmrc", "provider.mjs")) {
                Files.copy(source.resolve(name), work.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            Path lock = work.resolve("package-lock.json");
            if (!Files.exists(done) || Files.mismatch(done, lock) >= 0) {
                run(work, List.of("npm", "ci", "--silent", "--prefer-offline"));
                Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
            }
            return work.resolve("provider.mjs");
        } catch (IOException e) {
            throw new UncheckedIOException("the provider cannot be installed", e);
        }
    }

    private static void run(Path folder, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said").toFile())
                    .start();
            if (!process.waitFor(LIMIT)) {
                process.destroyForcibly();
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " failed: " + Files.readString(folder.resolve("said")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", e);
        }
    }

    /** Ends it; its port answers nobody any more. */
    void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            try {
                if (!running.waitFor(GRACE)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
