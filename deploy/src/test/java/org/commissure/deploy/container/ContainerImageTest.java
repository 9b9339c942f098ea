package org.commissure.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commissure.deploy.federation.Launcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images, built by the command of the documentation, unpacked, and run as an engine runs them. */
final class ContainerImageTest {
    private static final String USER = "65532:65532";
    private static final Pattern READY = Pattern.compile("is ready on port (\\d+)");
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    private static Path folder = Path.of("");

    private static Launcher launcher = Launcher.find();

    @BeforeAll
    static void buildBoth() throws Exception {
        assumeTrue(
                Files.isDirectory(launcher.root().resolve("deploy/containers/target/lib")),
                "skipped: deploy/containers is not packaged yet");
        build(folder, List.of());
    }

    @Test
    void theCoordinatorServesItsPortFromAReadOnlyImageWithoutRights() throws Exception {
        UnpackedImage image = new UnpackedImage(folder.resolve("commissure-coordinator.tar"), folder.resolve("c"));
        assertThat(text(image.config().get("Cmd"))).containsExactly("serve", "--home", "/srv/commissure");
        assertThat(jars(image.root())).noneMatch(name -> name.matches("(models|site-agent|nd4j|javacpp|openblas).*"));
        assumeTrue(UnpackedImage.canRun(), "skipped: see above");
        Path volume = volume("coordinator");
        assertThat(image.run(volume, "--version")).contains("commissure 0.1.0");
        image.run(
                volume,
                "init",
                "--home",
                "/srv/commissure/home",
                "--federation",
                "boxed",
                "--host",
                "localhost",
                "--port",
                "0",
                "--log-port",
                "0");
        Path said = folder.resolve("served");
        Process serving = image.start(volume, said, List.of("serve", "--home", "/srv/commissure/home"));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", readyPort(serving, said)), LIMIT_SECONDS * 1000);
            assertThat(socket.isConnected()).isTrue();
            assertThat(Files.getAttribute(volume.resolve("home/coordinator.db"), "unix:uid"))
                    .isEqualTo(65532);
        } finally {
            // The inner one first: it left its death signal behind with its rights.
            serving.descendants().forEach(ProcessHandle::destroyForcibly);
            serving.destroyForcibly();
            assertThat(serving.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theSiteAgentWorksWithItsTensorLibraryInTheImage() throws Exception {
        UnpackedImage image = new UnpackedImage(folder.resolve("commissure-site.tar"), folder.resolve("s"));
        assertThat(text(image.config().get("Cmd"))).containsExactly("site", "serve", "--home", "/srv/commissure");
        assertThat(image.config().get("User").asText()).isEqualTo(USER);
        assertThat(Files.readString(image.root().resolve("usr/share/doc/commissure/system-libraries.txt")))
                .contains("libc.so.6", "libstdc++.so.6");
        assumeTrue(UnpackedImage.canRun(), "skipped: see above");
        Path volume = volume("site");
        assertThat(image.run(volume, "site", "serve", "--help")).contains("commissure site serve --home");
        String bench = image.run(volume, "bench", "brainlm", "--sizes", "small", "--steps", "1", "--threads", "1");
        assertThat(bench).contains("small");
    }

    /** An option of the launcher that an image lacks, or the reverse, would be a coordinator that nobody has tested. */
    @Test
    void theImageStartsWhatTheLauncherStarts() throws Exception {
        Path jdk = folder.resolve("java-home");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"99\"\n");
        for (String name : List.of("java", "javac")) {
            Files.writeString(jdk.resolve("bin/" + name), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
            assertThat(jdk.resolve("bin/" + name).toFile().setExecutable(true)).isTrue();
        }
        List<String> started = launcher.run(
                        Map.of("JAVA_HOME", jdk.toString(), "COMMISSURE_STARTUP_CACHE", "off"),
                        List.of("coordinator", "serve"))
                .orThrow()
                .output()
                .lines()
                .map(word -> word.replace(launcher.root().toString(), "/opt/commissure"))
                .toList();
        UnpackedImage image = new UnpackedImage(folder.resolve("commissure-coordinator.tar"), folder.resolve("e"));
        List<String> entry = text(image.config().get("Entrypoint"));
        assertThat(entry.getFirst()).isEqualTo("/opt/java/bin/java");
        assertThat(started)
                .containsExactlyElementsOf(Stream.concat(entry.stream().skip(1), Stream.of("serve"))
                        .toList());
    }

    @Test
    void aSecondBuildGivesTheSameBytes() throws Exception {
        Path again = folder.resolve("again");
        build(again, List.of("--only", "coordinator"));
        assertThat(Files.mismatch(
                        folder.resolve("commissure-coordinator.tar"), again.resolve("commissure-coordinator.tar")))
                .isEqualTo(-1);
    }

    private static void build(Path out, List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(launcher.root().resolve("deploy/images.sh").toString(), "--out", out.toString()));
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("COMMISSURE_BUILT", "yes");
        UnpackedImage.finished(builder);
    }

    private static Path volume(String name) throws IOException {
        Path volume = Files.createDirectory(folder.resolve("volume-" + name));
        Files.setAttribute(volume, "unix:uid", 65532);
        Files.setAttribute(volume, "unix:gid", 65532);
        return volume;
    }

    private static int readyPort(Process serving, Path said) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline && serving.isAlive()) {
            Matcher ready = READY.matcher(Files.readString(said));
            if (ready.find()) {
                return Integer.parseInt(ready.group(1));
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the coordinator in the image does not get ready: " + Files.readString(said));
    }

    private static List<String> jars(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("opt/commissure"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
    }

    private static List<String> text(JsonNode words) {
        List<String> texts = new ArrayList<>();
        words.forEach(word -> texts.add(word.asText()));
        return texts;
    }
}
