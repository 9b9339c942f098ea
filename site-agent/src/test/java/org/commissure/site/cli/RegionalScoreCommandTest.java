package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class RegionalScoreCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Three regions; the second candidate's noise is so large that it leaves the range of numbers. */
    @BeforeEach
    void writeCohort() throws IOException {
        write(
                "params.csv",
                "0.5,0.5\n0.6,0.6\n0.7,0.7\n0.3,0.3\n0.3,0.3\n0.3,0.3\n2,2\n.001,1e30\n.001,1e30\n.001,1e30\n");
        write("sc.csv", "0,10,1\n10,0,5\n1,5,0\n");
        write("fc.csv", "1,.6,.1\n.6,1,.4\n.1,.4,1\n");
        write("cdf.csv", "0\n".repeat(5_000) + "1\n".repeat(5_000));
    }

    @Test
    void everyCandidateHasItsCostsAndADivergedOneSaysSo() throws IOException {
        assertThat(score("--fcd-cdf", path("cdf.csv"), "--repeats", "2", "--seed", "3", "--json"))
                .as(err.toString())
                .isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("repeats").asInt()).isEqualTo(2);
        JsonNode first = facts.path("candidates").get(0);
        assertThat(first.path("diverged").asBoolean()).isFalse();
        assertThat(first.path("fcCost").asDouble())
                .isEqualTo(1 - first.path("fcCorrelation").asDouble());
        assertThat(first.path("ks").asDouble()).isBetween(0.0, 1.0);
        assertThat(first.path("total").asDouble())
                .isCloseTo(first.path("fcCost").asDouble() + first.path("ks").asDouble(), within(1e-12));
        JsonNode second = facts.path("candidates").get(1);
        assertThat(second.path("diverged").asBoolean()).isTrue();
        assertThat(second.path("total").isNull()).isTrue();
        assertThat(out.toString()).doesNotContain("NaN");

        String once = out.toString();
        assertThat(score("--fcd-cdf", path("cdf.csv"), "--repeats", "2", "--seed", "3", "--json"))
                .isZero();
        assertThat(out).hasToString(once);
    }

    @Test
    void withoutDynamicsThereIsNoKs() throws IOException {
        assertThat(score("--json")).isZero();
        JsonNode first =
                new ObjectMapper().readTree(out.toString()).path("candidates").get(0);
        assertThat(first.path("ks").isNull()).isTrue();
        assertThat(score()).isZero();
        assertThat(out.toString()).contains("FC cost").contains("diverged");
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        refused("cdf.csv", "1\n0\n", "cdf.csv: it has 2 bins", "--fcd-cdf", path("cdf.csv"));
        refused("fc.csv", "1,.6,NaN\n.6,1,.4\nNaN,.4,1\n", "fc.csv: the functional connectivity has NaN at row 1");
        refused("fc.csv", "1,.6\n.6,1\n", "fc.csv has 2 regions");
        refused("sc.csv", "0,1,1\n1,0,1\n2,1,0\n", "sc.csv: the structural connectome is not symmetric");
        refused("sc.csv", "0,-1,1\n-1,0,1\n1,1,0\n", "sc.csv: the structural connectome has -1.0 at row 1, column 2");
        refused("sc.csv", "0,1,NaN\n1,0,1\nNaN,1,0\n", "sc.csv: the structural connectome has NaN at row 1, column 3");
        refused("sc.csv", "0,1,0\n1,0,0\n0,0,0\n", "not connected: region 3 has no path");
        refused("sc.csv", "0,1,1\n1,0,1\n", "2 rows, but row 1 has 3 columns");
        refused(
                "fc.csv",
                "1,.6,Infinity\n.6,1,.4\nInfinity,.4,1\n",
                "fc.csv: the functional connectivity has Infinity");
        refused("fc.csv", "1,.6,.1\n.5,1,.4\n.1,.4,1\n", "fc.csv: the functional connectivity is not symmetric");
        refused("fc.csv", "1,.6,.1\n.6,1,.4\n", "2 rows, but row 1 has 3 columns");
        refused("cdf.csv", "NaN\n".repeat(10_000), "cdf.csv: bin 1 is NaN", "--fcd-cdf", path("cdf.csv"));
        refused("sc.csv", "0,1\n1,0\n", "params.csv has parameters of 3 regions");
        refused("params.csv", "1\n2\n", "params.csv: it has 2 rows");
    }

    @Test
    void settingsThatCannotBeAreNamed() {
        assertThat(score("--preset", "deco")).isEqualTo(3);
        assertThat(err.toString()).contains("--preset is 'deco'").contains("remedy: choose kong2021 or wang2018");
        assertThat(score("--device", "tpu")).isEqualTo(3);
        assertThat(score("--repeats", "0")).isEqualTo(3);
        assertThat(score("--threads", "0")).isEqualTo(3);
        assertThat(score("--window", "300")).isEqualTo(3);
        assertThat(err.toString()).contains("the dynamics need a longer scan or a shorter window");
        assertThat(score("--tr", "0")).isEqualTo(3);
        assertThat(score("--sead", "1")).isEqualTo(2);
    }

    private void refused(String file, String content, String why, String... options) throws IOException {
        write(file, content);
        assertThat(score(options)).isEqualTo(3);
        assertThat(err.toString()).contains(why).contains("remedy: ");
        writeCohort();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private int score(String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("site", "regional", "score"));
        all.addAll(List.of("--params", path("params.csv"), "--sc", path("sc.csv"), "--fc", path("fc.csv")));
        all.addAll(List.of("--frames", "120"));
        all.addAll(List.of(options));
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(all.toArray(String[]::new));
    }
}
