package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    @Test
    void withoutLibtorchThePeerIsRefusedWithTheRemedy() {
        // The site agent's class path has libtorch's classes and not its native libraries.
        assertThat(run("bench", "brainlm", "--peer", "libtorch")).isEqualTo(Main.FAILED);
        assertThat(err.toString())
                .contains("native libraries are not installed")
                .contains("deploy/libtorch.sh cpu");
    }

    @Test
    void anUnknownPeerOrSizeIsRefusedBeforeAnythingRuns() {
        assertThat(run("bench", "brainlm", "--peer", "jax")).isEqualTo(Main.FAILED);
        assertThat(run("bench", "brainlm", "--sizes", "small,huge")).isEqualTo(Main.FAILED);
        assertThat(run("bench", "brainlm", "--threads", "0")).isEqualTo(Main.FAILED);
        assertThat(err.toString())
                .contains("the one peer is libtorch")
                .contains("'huge'")
                .contains("small, mid, full, big, brainlm-13m")
                .contains("--threads is 0");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpTeaches() {
        assertThat(run("bench", "brainlm", "--help")).isZero();
        assertThat(out.toString()).contains("--peer").contains("deploy/libtorch.sh cpu && commissure bench");
    }
}
