package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.site.cohort.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class RegionalSimulateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theSignalIsWrittenAndASeedGivesItAgain() throws IOException {
        String params = write("p.csv", "0.5\n0.6\n0.3\n0.3\n2\n.001\n.001\n");
        String sc = write("sc.csv", "0,1\n1,0\n");
        for (String name : List.of("a.csv", "b.npy")) {
            String to = folder.resolve(name).toString();
            assertThat(run("--params", params, "--sc", sc, "--frames", "20", "--seed", "4", "--out", to, "--json"))
                    .as(err.toString())
                    .isZero();
        }
        JsonNode facts = JSON.readTree(out.toString());
        assertThat(facts.path("frames").asInt()).isEqualTo(20);
        assertThat(facts.path("diverged").asBoolean()).isFalse();
        double[][] signal = MatrixFile.read(folder.resolve("a.csv"));
        assertThat(signal).hasDimensions(20, 2);
        assertThat(MatrixFile.read(folder.resolve("b.npy"))).isDeepEqualTo(signal);

        String wild = write("wild.csv", "0.5\n0.6\n0.3\n0.3\n2\n1e30\n1e30\n");
        Path none = folder.resolve("none.csv");
        assertThat(run("--params", wild, "--sc", sc, "--frames", "20", "--out", none.toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("diverged");
        assertThat(none).doesNotExist();
        assertThat(run("--params", params, "--sc", sc, "--candidate", "2", "--out", "x.csv"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("--candidate is 2");
    }

    @Test
    void connectivityIsDrawnAloneOrBesideTheMeasuredOne() throws IOException {
        String params = write("p.csv", "0.5\n0.6\n0.4\n0.3\n0.3\n0.3\n2\n.003\n.003\n.003\n");
        String sc = write("sc.csv", "0,3,1\n3,0,2\n1,2,0\n");
        String fc = write("fc.csv", "1,.9,-.9\n.9,1,.2\n-.9,.2,1\n");
        String svg = folder.resolve("fc.svg").toString();
        String png = folder.resolve("fc.png").toString();
        assertThat(run("--params", params, "--sc", sc, "--frames", "60", "--picture", svg))
                .as(err.toString())
                .isZero();
        assertThat(folder.resolve("fc.svg")).content().contains("<image ").contains("simulated; region 1");
        assertThat(run("--params", params, "--sc", sc, "--frames", "60", "--fc", fc, "--picture", png, "--json"))
                .as(err.toString())
                .isZero();
        assertThat(JSON.readTree(out.toString()).path("fcCorrelation").asDouble())
                .isBetween(-1.0, 1.0);
        BufferedImage image = ImageIO.read(folder.resolve("fc.png").toFile());
        assertThat(image.getWidth()).isEqualTo(639);
        int left = 100;
        int lower = 600;
        assertThat(image.getRGB(left, lower) & 0xff)
                .as("row 3, column 1: measured -.9 is blue")
                .isGreaterThan(image.getRGB(left, lower) >> 16 & 0xff);
        assertThat(run("--params", params, "--sc", sc, "--picture", "fc.gif")).isEqualTo(3);
        assertThat(err.toString()).contains("neither .svg nor .png");
        String wide = write("wide.csv", "1,.9\n.9,1\n");
        assertThat(run("--params", params, "--sc", sc, "--fc", wide, "--picture", svg))
                .isEqualTo(3);
        assertThat(err.toString()).contains("wide.csv has 2 regions");
    }

    @Test
    void aGoldenFolderIsRerunAndTheExitCodeIsTheAnswer() throws IOException {
        Path reference = SharedData.require("reference/meanfield");
        ObjectNode manifest = JSON.createObjectNode();
        ObjectNode toy = manifest.putObject("cases").putObject("C_toy");
        toy.setAll((ObjectNode) JSON.readTree(reference.resolve("manifest.json").toFile())
                .path("cases")
                .path("C_toy"));
        manifest.withObject("/cases").putObject("B_zero_noise").put("same_as", "A but noise=0");
        Files.createDirectories(folder.resolve("C_toy"));
        for (String file : List.of("sc.npy", "noise_f32.npy", "S.npy", "bold.npy")) {
            Files.copy(
                    reference.resolve("C_toy").resolve(file),
                    folder.resolve("C_toy").resolve(file));
        }
        write("manifest.json", manifest.toString());

        assertThat(run("--golden", folder.toString(), "--json"))
                .as(err.toString())
                .isZero();
        JsonNode facts = JSON.readTree(out.toString());
        assertThat(facts.path("pass").asBoolean()).isTrue();
        assertThat(facts.path("comparisons")).hasSize(3);
        assertThat(facts.path("comparisons").get(0).path("max_abs_difference").asDouble())
                .isLessThan(1e-12);
        assertThat(facts.path("skipped").toString())
                .contains("final_S_z_f_v_q_H.npy")
                .contains("B_zero_noise");

        toy.put("G", 2.6);
        write("manifest.json", manifest.toString());
        assertThat(run("--golden", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("FAIL");
        assertThat(run("--golden", folder.resolve("C_toy").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("manifest.json");
        assertThat(run()).isEqualTo(2);
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private int run(String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] all = new String[options.length + 3];
        all[0] = "site";
        all[1] = "regional";
        all[2] = "simulate";
        System.arraycopy(options, 0, all, 3, options.length);
        return command.execute(all);
    }
}
