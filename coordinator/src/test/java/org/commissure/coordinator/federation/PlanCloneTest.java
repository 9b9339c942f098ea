package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.Studies;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan clone} at a real coordinator. */
@Timeout(60)
class PlanCloneTest {
    private static final String STUDY = "# the first of several\n" + Studies.text(2, 2, 60);

    @TempDir
    private Path folder;

    private static JsonNode plans(String home) throws Exception {
        return new ObjectMapper()
                .readTree(TestCli.output("plan", "list", "--json", "--home", home))
                .get("plans");
    }

    @Test
    void aCloneIsANewPlanThatKeepsEveryByteThatWasNotChanged() throws Exception {
        try (TestFederation federation = new TestFederation(folder)) {
            String home = federation.home.folder().toString();
            Path study = Files.writeString(folder.resolve("study.toml"), STUDY);
            TestCli.output("plan", "publish", "--home", home, "--study", study.toString(), "--legal-basis", "consent");
            String digits = plans(home).get(0).get("plan_sha256").asText().substring(0, 10);
            Path out = folder.resolve("longer.toml");

            assertThat(TestCli.output(
                            "plan",
                            "clone",
                            "--home",
                            home,
                            "--of",
                            digits,
                            "--name",
                            "Longer",
                            "--set",
                            "rounds.count=40",
                            "--set",
                            "hours.zone=Europe/Zurich",
                            "--set",
                            "hours.open=[\"daily 20:00-06:00\"]",
                            "--out",
                            out.toString(),
                            "--json"))
                    .contains("\"published\":true")
                    .contains("\"rounds.count\":\"40\"");

            String text = Files.readString(out);
            assertThat(text)
                    .startsWith("# the first of several\n")
                    .contains("name = \"Longer\"\n")
                    .endsWith("[hours]\nzone = \"Europe/Zurich\"\nopen = [\"daily 20:00-06:00\"]\n");
            assertThat(StudyFile.parse(text).study().rounds().count()).isEqualTo(40);
            assertThat(plans(home)).hasSize(2);
            assertThat(plans(home).get(0).get("study").asText()).isEqualTo("Longer");
            assertThat(plans(home).get(0).get("legal_basis").asText()).isEqualTo("consent");

            assertThat(TestCli.output(
                            "plan", "clone", "--home", home, "--of", digits, "--set", "rounds.count=3", "--dry-run"))
                    .contains("count = 3");
            assertThat(plans(home)).hasSize(2);
        }
    }

    @Test
    void aCloneThatCouldNotBeUsedIsRefusedWithTheKey() throws Exception {
        try (TestFederation federation = new TestFederation(folder)) {
            String home = federation.home.folder().toString();
            Path study = Files.writeString(folder.resolve("study.toml"), STUDY);
            TestCli.output("plan", "publish", "--home", home, "--study", study.toString());
            String digits = plans(home).get(0).get("plan_sha256").asText().substring(0, 10);
            assertThat(TestCli.error(
                            "plan", "clone", "--home", home, "--of", digits, "--set", "quorum.minimum_sites=1"))
                    .contains("quorum.minimum_sites");
            assertThat(TestCli.error("plan", "clone", "--home", home, "--of", digits, "--set", "rounds.cuont=1"))
                    .contains("did you mean 'count'?");
            assertThat(TestCli.error("plan", "clone", "--home", home, "--of", digits))
                    .contains("nothing is changed");
            assertThat(TestCli.error("plan", "clone", "--home", home, "--of", "ffffffffff", "--set", "rounds.count=3"))
                    .contains("no run and no plan 'ffffffffff'");
            assertThat(plans(home)).hasSize(1);
        }
    }
}
