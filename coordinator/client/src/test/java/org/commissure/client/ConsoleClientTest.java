package org.commissure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real console over TLS. */
@Timeout(60)
class ConsoleClientTest {
    @TempDir
    private Path folder;

    private ServedRun served;

    @BeforeEach
    void open() throws IOException {
        served = new ServedRun(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static void awaitReport(ConsoleClient client) throws Exception {
        while (true) {
            try {
                var unused = client.report(ServedRun.RUN);
                return;
            } catch (ConsoleException e) {
                assertThat(e.status()).isEqualTo(404);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void aRunIsListedWatchedPausedAndCancelledAndItsModelDownloaded() throws Exception {
        try (ConsoleClient viewer = served.signIn("anna");
                ConsoleClient coordinator = served.signIn("carl")) {
            assertThat(viewer.runs(0, 10).items()).extracting(RunLine::runId).containsExactly(ServedRun.RUN);
            assertThat(viewer.run(ServedRun.RUN).sites())
                    .extracting(Run.Site::name)
                    .containsExactly("A", "B", "C");
            assertThat(viewer.queue(0, 10).total()).isZero();
            assertThat(viewer.plans().get("plans")).isEmpty();
            assertThatThrownBy(() -> viewer.pause(ServedRun.RUN, ""))
                    .isInstanceOfSatisfying(
                            ConsoleException.class, e -> assertThat(e.status()).isEqualTo(403));
            coordinator.pause(ServedRun.RUN, "scanner service");
            Run.Hold hold = Objects.requireNonNull(viewer.run(ServedRun.RUN).hold());
            assertThat(hold.kind()).isEqualTo("PAUSING");
            assertThat(hold.reason()).contains("scanner service");
            coordinator.resume(ServedRun.RUN);

            List<String> states = new ArrayList<>();
            CompletableFuture<Void> first = new CompletableFuture<>();
            Thread watching = Thread.ofVirtual().start(() -> {
                try {
                    viewer.watch(live -> {
                        Run run = Objects.requireNonNull(live.run());
                        states.add(run.state());
                        first.complete(null);
                        return !run.isOver();
                    });
                } catch (IOException | InterruptedException e) {
                    first.completeExceptionally(e);
                }
            });
            first.get(20, TimeUnit.SECONDS);
            coordinator.cancel(ServedRun.RUN, "enough was seen");
            watching.join();
            assertThat(states).startsWith("RUNNING").endsWith("CANCELLED");

            awaitReport(viewer);
            assertThat(viewer.report(ServedRun.RUN).at("/run/id").asText()).isEqualTo(ServedRun.RUN);
            assertThat(viewer.run(ServedRun.RUN).reason()).isEqualTo("cancelled at the console: enough was seen");
        }
    }

    @Test
    void whoIsNotOfTheFederationOrHasAnotherPasswordIsRefused() throws Exception {
        FederationAuthority other = FederationAuthority.create(folder.resolve("other"), "other", Clock.systemUTC());
        Path stranger = Files.writeString(folder.resolve("other.pem"), Certificates.pem(other.certificate()));
        char[] password = ServedRun.PASSWORD.toCharArray();
        assertThatThrownBy(() -> ConsoleClient.signIn(served.console, stranger, "anna", password))
                .isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> ConsoleClient.signIn(served.console, served.root, "anna", "another".toCharArray()))
                .isInstanceOfSatisfying(ConsoleException.class, e -> {
                    assertThat(e.status()).isEqualTo(401);
                    assertThat(e).hasMessage("wrong name or password");
                    assertThat(e.remedy()).isNotEmpty();
                });
        assertThatThrownBy(() ->
                        ConsoleClient.signIn(served.console.resolve("http://localhost"), served.root, "anna", password))
                .hasMessageContaining("no https address");
        try (ConsoleClient client = served.signIn("anna")) {
            assertThatThrownBy(() -> client.run("../../identity"))
                    .isInstanceOfSatisfying(
                            ConsoleException.class, e -> assertThat(e.status()).isEqualTo(404));
        }
    }

    @Test
    void aDownloadIsTheModelThatWasAskedForOrNothing() throws Exception {
        Path file = folder.resolve("coordinator/runs/run-1/models");
        try (ConsoleClient client = served.signIn("anna")) {
            String sha256 = SafetensorsHash.of(folder.resolve("initial.safetensors"));
            ReleasedModel model = new ReleasedModel(ServedRun.RUN, 0, sha256, null, List.of(), null, null);
            Path to = folder.resolve("downloaded.safetensors");
            client.download(model, to);
            assertThat(to).hasSameBinaryContentAs(folder.resolve("initial.safetensors"));
            Files.delete(to);
            Path kept = file.resolve(sha256 + ".safetensors");
            byte[] changed = Files.readAllBytes(kept);
            changed[changed.length - 1] ^= 1;
            Files.write(kept, changed);
            assertThatThrownBy(() -> client.download(model, to)).hasMessageContaining("is not the model " + sha256);
            Files.delete(kept);
            assertThatThrownBy(() -> client.download(model, to)).isInstanceOf(ConsoleException.class);
            assertThat(to).doesNotExist();
            assertThat(folder.resolve("downloaded.safetensors.part")).doesNotExist();
        }
    }

    @Test
    void theExampleOfTheDocumentationIsTheOneThatCompiles() throws IOException {
        String page = Files.readString(Path.of("../../docs/console.md"));
        List<String> lines = Files.readAllLines(Path.of("src/test/java/org/commissure/client/WatchARun.java"));
        String example =
                lines.subList(lines.indexOf("    // example") + 1, lines.indexOf("    // end of the example")).stream()
                        .map(line -> line.isEmpty() ? line : line.substring(4))
                        .collect(Collectors.joining("\n"));
        assertThat(page).contains("```java\n" + example + "\n```");
    }
}
