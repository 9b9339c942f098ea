package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class RegionalFitCommandsTest {
    private static final int REGIONS = 8;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Random random = new Random(1);

    @BeforeEach
    void writeCohort() throws IOException {
        for (String split : List.of("train", "vali", "test")) {
            write("sc_" + split + ".csv", matrix(0));
            write("fc_" + split + ".csv", matrix(1));
            write("fcd_" + split + "_cdf.csv", "1\n".repeat(5_000) + "7\n".repeat(5_000));
        }
        StringBuilder myelin = new StringBuilder();
        StringBuilder gradient = new StringBuilder();
        StringBuilder regions = new StringBuilder("index\tname\themisphere\tyeo7\n");
        for (int region = 0; region < REGIONS; region++) {
            myelin.append(1 + 0.1 * region).append('\n');
            gradient.append(random.nextGaussian()).append('\n');
            regions.append(region + 1 + "\tr" + region + "\tL\t" + (region % 7 + 1) + "\n");
        }
        write("myelin.csv", myelin.toString());
        write("rsfc_gradient.csv", gradient.toString());
        write("regions.tsv", regions.toString());
    }

    @Test
    void pmfmWritesItsResultAndTheHierarchyReadsIt() throws IOException {
        assertThat(run(pmfm("--json"))).as(err.toString()).isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("pmfm").path("candidates").size()).isPositive();
        assertThat(facts.path("homogeneous").path("candidates").size()).isPositive();
        assertThat(facts.path("inputsSha256").path("fc_train.csv").asText())
                .isEqualTo(FileDigest.sha256(folder.resolve("fc_train.csv")));
        assertThat(new ObjectMapper().readTree(folder.resolve("out/result.json").toFile()))
                .isEqualTo(facts);
        for (String file :
                List.of("parameters.json", "parameters.csv", "curve.svg", "connectivity.svg", "regions.svg")) {
            assertThat(folder.resolve("out").resolve(file)).isNotEmptyFile();
        }
        assertThat(out.toString()).doesNotContain("NaN");

        assertThat(run(List.of(
                        "hierarchy",
                        "--params",
                        path("out/parameters.json"),
                        "--regions",
                        path("regions.tsv"),
                        "--map",
                        "gradient=" + path("rsfc_gradient.csv"),
                        "--svg",
                        path("networks.svg"),
                        "--permutations",
                        "99",
                        "--json")))
                .as(err.toString())
                .isZero();
        JsonNode hierarchy = new ObjectMapper().readTree(out.toString());
        assertThat(hierarchy.path("networks").size()).isEqualTo(3 * 7);
        assertThat(hierarchy.path("comparisons").get(0).path("nullModel").asText())
                .isEqualTo("permutations");
        assertThat(folder.resolve("networks.svg")).isNotEmptyFile();
    }

    @Test
    void aFitIsContinuedOnlyWhenAskedAndOnlyWithTheSameData() throws IOException {
        assertThat(run(pmfm("--no-homogeneous"))).as(err.toString()).isZero();
        assertThat(out.toString()).contains("best on the validation split first");
        assertThat(err.toString()).contains("pmfm, seed 1 of 1: 2 of 2").contains("left");
        assertThat(run(pmfm("--no-homogeneous"))).isEqualTo(3);
        assertThat(err.toString()).contains("already holds a fit").contains("--resume");
        String first = Files.readString(folder.resolve("out/parameters.csv"));
        assertThat(run(pmfm("--no-homogeneous", "--resume"))).as(err.toString()).isZero();
        assertThat(folder.resolve("out/parameters.csv")).hasContent(first);
        write("fc_train.csv", matrix(1));
        assertThat(run(pmfm("--no-homogeneous", "--resume"))).isEqualTo(3);
        assertThat(err.toString()).contains("belongs to other data");
    }

    @Test
    void rmfmReportsItsGainOverTheHomogeneousModel() throws IOException {
        assertThat(run(List.of(
                        "fit",
                        "rmfm",
                        "--data",
                        folder.toString(),
                        "--out",
                        path("out"),
                        "--tr",
                        "1",
                        "--frames",
                        "100",
                        "--iterations",
                        "2",
                        "--validation-repeats",
                        "1",
                        "--test-sets",
                        "1",
                        "--threads",
                        "2",
                        "--json")))
                .as(err.toString())
                .isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("gainOverHomogeneous").isNumber()).isTrue();
        assertThat(facts.path("preset").asText()).isEqualTo("wang2018");
    }

    @Test
    void individualsAreFittedInAFolderOfTheirOwnAndBadScansAreNamed() throws IOException {
        Files.createDirectories(folder.resolve("series"));
        write("series/good.csv", series(100, false));
        write("series/flat.csv", series(100, true));
        write("series/small.csv", "1,2,3\n4,5,6\n");
        write("series/short.csv", series(20, false));
        write("series/hole.csv", series(100, false).replaceFirst("[0-9.-]+", "NaN"));
        write("series/slow.csv", series(100, false));
        write("series/participants.tsv", "participant_id\trepetition_time\ngood\t1.0\nslow\t2.5\n");
        write("group.csv", ("0.5\n".repeat(REGIONS) + "0.3\n".repeat(REGIONS) + "2\n" + "0.003\n".repeat(REGIONS)));
        List<String> arguments = List.of(
                "fit-individuals",
                "--series",
                path("series"),
                "--params",
                path("group.csv"),
                "--sc",
                path("sc_train.csv"),
                "--tr",
                "1",
                "--iterations",
                "1",
                "--out",
                path("individual"),
                "--json");
        assertThat(run(arguments)).as(err.toString()).isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("fitted").asInt()).isEqualTo(1);
        assertThat(facts.path("leftOut").path("flat").asText()).contains("region 3 is constant");
        assertThat(facts.path("leftOut").path("small").asText()).contains("one side must be the 8 regions");
        assertThat(facts.path("leftOut").path("short").asText()).contains("20 frames, fewer than the 25");
        assertThat(facts.path("leftOut").path("hole").asText()).contains("not finite at frame 1");
        assertThat(facts.path("leftOut").path("slow").asText()).contains("2.5 s, but --tr is 1.0");
        assertThat(out.toString()).doesNotContain("NaN,");
        assertThat(folder.resolve("individual/good.json")).isNotEmptyFile();
        assertThat(run(arguments)).isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .path("ofWhichThereAlready")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void wrongInputIsExplained() throws IOException {
        assertThat(run(List.of("fit", "pmfm", "--data", path("nowhere"), "--out", path("out"))))
                .isEqualTo(3);
        assertThat(err.toString()).contains("holds no sc_train.csv");
        List<String> wrongBudget = new ArrayList<>(pmfm());
        wrongBudget.addAll(List.of("--budget", "soon"));
        assertThat(run(wrongBudget)).isEqualTo(3);
        assertThat(err.toString()).contains("--budget is 'soon'");
        write("myelin.csv", "1\n".repeat(REGIONS));
        assertThat(run(pmfm())).isEqualTo(3);
        assertThat(err.toString()).contains("constant or say the same");
    }

    @Test
    void everyFitNamesTheMatrixThatCannotBeUsed() throws IOException {
        String good = matrix(1);
        refused("sc_train.csv", matrix(0).replaceFirst("10\\.0", "-10.0"), "has -10.0 at row 1, column 2");
        refused("sc_vali.csv", "0,1\n2,0\n", "not symmetric: 1.0 at row 1, column 2, but 2.0");
        refused("sc_test.csv", "0,1,0\n1,0,0\n0,0,0\n", "not connected: region 3");
        refused("fc_train.csv", good.replaceFirst(",0\\.", ",1e999"), "has Infinity at row 1, column 2");
        refused("fc_vali.csv", "1,.5\n.5,1\n", "regions");
        refused("fcd_test_cdf.csv", "1\n".repeat(9_999), "it has 9999 bins");
        for (String fit : List.of("pmfm", "homogeneous", "rmfm")) {
            assertThat(run(List.of(
                            "fit",
                            fit,
                            "--data",
                            folder.toString(),
                            "--out",
                            path("out"),
                            "--tr",
                            "1",
                            "--frames",
                            "0")))
                    .isEqualTo(3);
            assertThat(err.toString()).contains("cannot simulate 0 frames");
        }
        assertThat(folder.resolve("out")).doesNotExist();
    }

    /** By all three fits, before anything is written. */
    private void refused(String file, String content, String why) throws IOException {
        String before = Files.readString(folder.resolve(file));
        write(file, content);
        for (String fit : List.of("pmfm", "homogeneous", "rmfm")) {
            assertThat(run(List.of("fit", fit, "--data", folder.toString(), "--out", path("out"), "--tr", "1")))
                    .as("%s, %s", file, fit)
                    .isEqualTo(3);
            assertThat(err.toString()).contains(why).contains("remedy: ");
        }
        write(file, before);
    }

    private List<String> pmfm(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "fit",
                "pmfm",
                "--data",
                folder.toString(),
                "--out",
                path("out"),
                "--tr",
                "1",
                "--frames",
                "100",
                "--window",
                "30",
                "--seeds",
                "1",
                "--offspring",
                "16",
                "--parents",
                "4",
                "--generations",
                "2",
                "--repeats",
                "1",
                "--validated",
                "2",
                "--validation-repeats",
                "1",
                "--test-sets",
                "1",
                "--regions",
                path("regions.tsv")));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private int run(List<String> arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("site", "regional"));
        all.addAll(arguments);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(all.toArray(String[]::new));
    }

    private String matrix(double diagonal) {
        double[][] values = new double[REGIONS][REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            for (int j = 0; j < i; j++) {
                values[i][j] = 0.1 + 0.7 * random.nextDouble();
                values[j][i] = values[i][j];
            }
            values[i][i] = diagonal;
        }
        if (diagonal == 0) { // one strong tract, so that the others are weak and the dense network stays stable
            values[0][1] = 10;
            values[1][0] = 10;
        }
        StringBuilder text = new StringBuilder();
        for (double[] row : values) {
            for (int column = 0; column < REGIONS; column++) {
                text.append(column == 0 ? "" : ",").append(row[column]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Eight regions by rows. */
    private String series(int frames, boolean flat) {
        StringBuilder text = new StringBuilder();
        for (int region = 0; region < REGIONS; region++) {
            for (int frame = 0; frame < frames; frame++) {
                double value = flat && region == 2 ? 1 : random.nextGaussian();
                text.append(frame == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.4f", value));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
