package org.commissure.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path folder;

    @Test
    void wrongUsageAndFailureHaveTheirOwnExitCodes() {
        assertThat(Main.run("run", "watch")).isEqualTo(2);
        assertThat(TestCli.error("serve", "--home", folder.toString()))
                .contains("is not a coordinator's home")
                .contains("remedy: create one with 'commissure coordinator init'");
    }

    @Test
    void aFederationIsMadeOnce() {
        String home = folder.resolve("home").toString();
        assertThat(Main.run("init", "--home", home, "--federation", "test", "--host", "localhost"))
                .isZero();
        assertThat(TestCli.error("init", "--home", home, "--federation", "test", "--host", "localhost"))
                .contains("is a coordinator's home already");
        assertThat(TestCli.error("invite", "--home", home, "--site", "coordinator"))
                .contains("cannot be named 'coordinator'");
    }
}
