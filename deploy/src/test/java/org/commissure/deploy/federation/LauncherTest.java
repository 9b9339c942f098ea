package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/bin/commissure}, the way people call it. */
final class LauncherTest {
    private final Launcher launcher = Launcher.find();
    private final Path program = launcher.root().resolve("deploy/bin/commissure");

    @Test
    void itWorksThroughASymlinkFromAnyFolder(@TempDir Path folder) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("commissure"), program);

        String said = run(folder, "", link.toString(), "coordinator", "--help");

        assertThat(said).contains("Usage: commissure coordinator");
    }

    @Test
    void withoutACommandItListsThemAndEndsWithTwo() {
        Finished nothing = launcher.run();
        assertThat(nothing.exit()).isEqualTo(2);
        assertThat(nothing.output()).contains("coordinator init", "site enrol", "audit verify", "privacy epsilon");
        assertThat(launcher.run("--help").exit()).isZero();
    }

    @Test
    void theVirtualMachineSaysNothingOfItsOwn() {
        Finished command = launcher.run(
                "privacy",
                "epsilon",
                "--sampling-rate",
                "0.05",
                "--noise-multiplier",
                "1.2",
                "--steps",
                "1000",
                "--delta",
                "1e-5",
                "--json");
        assertThat(command.exit()).isZero();
        assertThat(command.errors()).isEmpty();
        assertThat(command.output()).contains("\"epsilon\"");
    }

    @Test
    void aStartupCacheThatDoesNotFitIsLeftAsideWithoutAWord(@TempDir Path folder) throws Exception {
        Path copy = launcherAlone(folder);
        Files.createSymbolicLink(folder.resolve("coordinator"), launcher.root().resolve("coordinator"));
        Path caches = Files.createDirectories(folder.resolve("deploy/target/startup"));
        Files.writeString(caches.resolve("coordinator.aot"), "of another machine");

        String said = run(folder, "", "bash", copy.toString(), "coordinator", "--help");

        assertThat(said).startsWith("Usage: commissure coordinator");
    }

    @Test
    void aCheckoutThatIsNotBuiltIsExplained(@TempDir Path folder) throws Exception {
        String said = run(folder, "", "bash", launcherAlone(folder).toString(), "site", "--help");

        assertThat(said).contains("error: Commissure is not built").contains("remedy: run ");
    }

    @Test
    void anOldJavaHomeIsPassedOver(@TempDir Path folder) throws Exception {
        Path home = folder.resolve("jdk-17");
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        for (String name : List.of("java", "javac")) {
            assertThat(Files.createFile(bin.resolve(name)).toFile().setExecutable(true))
                    .isTrue();
        }

        String said = run(folder, home.toString(), program.toString(), "coordinator", "--help");

        assertThat(said).contains("Usage: commissure coordinator");
    }

    /** The launcher in a checkout that holds nothing else. */
    private Path launcherAlone(Path checkout) throws IOException {
        Path bin = Files.createDirectories(checkout.resolve("deploy/bin"));
        for (String name : List.of("commissure", "java-home.sh")) {
            Files.copy(program.resolveSibling(name), bin.resolve(name));
        }
        return bin.resolve("commissure");
    }

    private static String run(Path folder, String javaHome, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
