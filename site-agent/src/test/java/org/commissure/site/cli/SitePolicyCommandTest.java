package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.site.ExampleStudy;
import org.commissure.site.policy.PolicyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SitePolicyCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theDefaultIsWrittenOnceAndIsValid() throws IOException {
        Path file = folder.resolve("policy.toml");
        assertThat(run("site", "policy", "init", file.toString())).isZero();
        assertThat(Files.readString(file)).isEqualTo(PolicyFile.DEFAULT);
        assertThat(run("site", "policy", "init", file.toString())).isEqualTo(3);
        assertThat(run("site", "policy", "check", file.toString())).isZero();
        assertThat(run("site", "policy", "show", "--home", folder.toString())).isZero();
        assertThat(out.toString()).contains("approval.required").contains("sums may begin now");
    }

    @Test
    void aStudyThatThePolicyForbidsIsNamedWithItsRuleAndTheAnswerIsNo() throws IOException {
        Path study = folder.resolve("study.toml");
        Files.writeString(
                study,
                new ExampleStudy().with("privacy", "mode", "\"none\"").file().text());
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, PolicyFile.DEFAULT);
        assertThat(run("site", "policy", "check", file.toString(), "--study", study.toString(), "--json"))
                .isEqualTo(1);
        var facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.get("train").asText()).contains("rule: privacy.allow_no_noise");
        assertThat(facts.get("evaluate").asText()).isEqualTo("allowed");
    }

    @Test
    void aMistakeIsToldWithItsLineAndNoStackTrace() throws IOException {
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, PolicyFile.DEFAULT.replace("minimum_sites", "minimun_sites"));
        assertThat(run("site", "policy", "check", file.toString())).isEqualTo(3);
        assertThat(err.toString())
                .containsPattern("error: .*policy\\.toml:\\d+: secure_aggregation\\.minimun_sites .*minimum_sites")
                .contains("remedy: ")
                .doesNotContain("\tat ");
    }

    @Test
    void aStewardsKeyIsMadeAndItsLineIsOneThatAPolicyTakes() throws IOException {
        Path key = folder.resolve("anna.key");
        assertThat(run("site", "stewards", "new", "anna", "--out", key.toString()))
                .isZero();
        String line = out.toString().lines().toList().getLast();
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, PolicyFile.DEFAULT.replace("keys = []", "keys = [" + line + "]"));
        assertThat(run("site", "policy", "check", file.toString())).isZero();
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
