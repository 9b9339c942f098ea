package org.commissure.deploy.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code deploy/libtorch.sh}, without the network. */
final class LibtorchScriptTest {
    private static final Path SCRIPT = script();

    private record Finished(int exit, String said) {}

    @Test
    void helpNamesBothBuilds() throws Exception {
        Finished help = run("--help");
        assertThat(help.exit()).isZero();
        assertThat(help.said()).contains("cpu", "cuda", "NVIDIA's driver");
    }

    @Test
    void anUnknownBuildIsAUsageError() throws Exception {
        assertThat(run("rocm").exit()).isEqualTo(2);
        assertThat(run().exit()).isEqualTo(2);
    }

    @Test
    void theVersionsItAsksForArePinnedInTheRootPom() throws Exception {
        String pom = Files.readString(SCRIPT.resolve("../../pom.xml").normalize());
        assertThat(Files.readString(SCRIPT)).contains("version_of").doesNotContain("://");
        assertThat(pom).containsPattern("<pytorch.version>[\\d.-]+</pytorch.version>");
        assertThat(pom).containsPattern("<cuda.version>[\\d.-]+</cuda.version>");
    }

    private static Finished run(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 2];
        command[0] = "bash";
        command[1] = SCRIPT.toString();
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Finished(process.waitFor(), said);
    }

    private static Path script() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("deploy/libtorch.sh"))) {
                return at.resolve("deploy/libtorch.sh");
            }
        }
        throw new IllegalStateException(
                "deploy/libtorch.sh is not above " + Path.of("").toAbsolutePath());
    }
}
