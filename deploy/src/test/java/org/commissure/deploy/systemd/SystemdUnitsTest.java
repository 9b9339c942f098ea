package org.commissure.deploy.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.deploy.federation.Launcher;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units as systemd itself reads them, without one that runs. */
final class SystemdUnitsTest {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final String INSTALLED = "/opt/commissure/";
    /** In tenths, of systemd's scale from 0 to 10; what it calls OK ends at 4. */
    private static final int MOST_EXPOSURE = 20;

    private final Launcher launcher = Launcher.find();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"commissure-coordinator.service", "commissure-site.service"})
    void systemdAcceptsTheUnitAndFindsItHardened(String name) throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "skipped: " + ANALYZE + " is not here");
        // systemd-analyze looks whether the command is there.
        Path unit = Files.writeString(
                folder.resolve(name),
                text(name).replace(INSTALLED, launcher.root().toAbsolutePath() + "/"));
        assertThat(analyze("verify", unit)).isEqualTo(0);
        assertThat(analyze("security", "--offline=true", "--threshold=" + MOST_EXPOSURE, unit))
                .isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"commissure-coordinator.service", "commissure-site.service"})
    void theUnitStartsACommandThatThereIs(String name) throws IOException {
        String start = text(name)
                .lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        assertThat(start).startsWith("ExecStart=" + INSTALLED + "deploy/bin/commissure ");
        List<String> words = new ArrayList<>(List.of(start.split(" ")));
        words.removeFirst();
        assertThat(words.subList(2, words.size())).containsExactly("--home", "/srv/commissure");
        words.add("--help");
        launcher.run(words).orThrow();
    }

    private String text(String name) throws IOException {
        return Files.readString(launcher.root().resolve("deploy/systemd").resolve(name));
    }

    private int analyze(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ANALYZE.toString(), "--no-pager"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        return process.waitFor();
    }
}
