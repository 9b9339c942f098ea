package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.commissure.models.npy.NpyWriter;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.ExampleStudy;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.SharedData;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CohortCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void aGeneratedDatasetIsCheckedSiteBySite() throws IOException {
        Path cohort = folder.resolve("demo");
        assertThat(run("generate", "--out", cohort.toString(), "--sites", "A,B", "--patients", "3", "--parcels", "12"))
                .isZero();
        Files.delete(cohort.resolve(
                "site-B/sub-B0002/func/sub-B0002_task-rest_atlas-ellipsoid12_desc-synthetic_timeseries.npy"));
        out.getBuffer().setLength(0);
        assertThat(run("check", cohort.toString(), "--parcels", "12", "--json")).isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.get("admitted").asInt()).isEqualTo(5);
        assertThat(facts.get("sites")).hasSize(2);
        assertThat(facts.get("byReason").get("missing-file").asInt()).isEqualTo(1);
        JsonNode rejection = facts.get("rejected").get(0);
        assertThat(rejection.get("participant").asText()).isEqualTo("sub-B0002");
        assertThat(rejection.get("file").asText()).isEqualTo("site-B/sub-B0002/func");
        assertThat(rejection.get("fix").asText()).contains("func folder");
    }

    @Test
    void nobodyAdmittedIsAnAnswerOfNo() {
        Path cohort = folder.resolve("demo");
        run("generate", "--out", cohort.toString(), "--sites", "A", "--patients", "3", "--parcels", "12");
        assertThat(run("check", cohort.resolve("site-A").toString())).isEqualTo(1);
        assertThat(out.toString()).contains("0 admitted, 3 rejected", "wrong-parcel-count", "fix for");
    }

    @Test
    void aWrongOptionIsAMatterOfUsage() {
        assertThat(run("check", folder.toString(), "--parcels", "0")).isEqualTo(2);
        assertThat(run("check")).isEqualTo(2);
    }

    @Test
    void helpTeaches() {
        assertThat(run("check", "--help")).isZero();
        assertThat(out.toString()).contains("participants.tsv", "Examples:", "Exit codes:");
        for (String command : List.of("import", "seal")) {
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString()).contains("Example", "commissure site cohort " + command);
        }
    }

    @Test
    void theReportNamesFileReasonAndFixOfEachRejectedParticipant() throws IOException {
        Path cohort = folder.resolve("demo");
        run("generate", "--out", cohort.toString(), "--sites", "A", "--patients", "3", "--parcels", "12");
        Files.write(series(cohort, "sub-A0002"), new byte[10]);
        Path report = folder.resolve("report");
        assertThat(run("check", cohort.toString(), "--parcels", "12", "--report", report.toString()))
                .isZero();
        assertThat(Files.readString(report.resolve("check.html")))
                .contains(
                        "sub-A0002_task-rest", "corrupt-file", "copy or export the file again", "stays in the hospital")
                .doesNotContain("<script", "http");
        JsonNode facts =
                new ObjectMapper().readTree(report.resolve("check.json").toFile());
        assertThat(facts.get("rejected")).hasSize(1);
        assertThat(facts.get("admitted").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsImportedIsACohortThatTrainingReads() throws IOException {
        Path cohort = folder.resolve("demo");
        run("generate", "--out", cohort.toString(), "--sites", "A", "--patients", "4", "--parcels", "12");
        Files.delete(series(cohort, "sub-A0003"));
        Path out = folder.resolve("imported");
        String source = cohort.resolve("site-A").toString();
        assertThat(run("import", source, "--parcels", "12", "--out", out.toString()))
                .isZero();
        assertThat(Files.readString(out.resolve("import.html"))).contains("sub-A0003", "missing-file");
        assertThat(Files.readString(out.resolve("participants.tsv"))).doesNotContain("sub-A0003");
        assertThat(run("check", out.toString(), "--parcels", "12")).isZero();
        assertThat(this.out.toString()).contains("3 admitted, 0 rejected");
        assertThat(run(
                        "import",
                        source,
                        "--parcels",
                        "13",
                        "--out",
                        folder.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aSealIsWhatTheRunWillSealAndHidesHowManyThereAre() throws IOException {
        Path data = patients(8);
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(home.resolve("site.toml"), """
                federation = "f"
                site = "A"
                coordinator_host = "localhost"
                coordinator_port = 1
                authority_sha256 = "00"
                data = "%s"
                """.formatted(data));
        StudyFile study = new ExampleStudy().file();
        Path file = Files.writeString(folder.resolve("study.toml"), study.text());
        Path seal = folder.resolve("seal.json");
        assertThat(run("seal", "--home", home.toString(), "--study", file.toString(), "--out", seal.toString()))
                .isZero();
        byte[] salt = new SealStore(SiteDatabase.open(home.resolve("site.db"))).salt(new SecureRandom());
        SealedSplit split = CohortSplit.seal(
                CohortFolder.read(data, CohortRules.of(study.study())),
                study.study().externalFraction(),
                salt);
        JsonNode facts = new ObjectMapper().readTree(seal.toFile());
        assertThat(facts.get("externalSha256").asText())
                .isEqualTo(HexFormat.of().formatHex(split.externalSha256()));
        assertThat(facts.get("internalSha256").asText())
                .isEqualTo(HexFormat.of().formatHex(split.internalSha256()));
        assertThat(facts.properties()).hasSize(4);
    }

    /** As {@link ExampleStudy} wants them. */
    private Path patients(int count) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        StringBuilder table = new StringBuilder("participant_id\trepetition_time\n");
        for (int i = 0; i < count; i++) {
            Path func = Files.createDirectories(data.resolve("sub-" + i + "/func"));
            float[] values = new float[ExampleStudy.PARCELS * 20];
            for (int j = 0; j < values.length; j++) {
                values[j] = (i * 31 + j * 17) % 23;
            }
            NpyWriter.write(func.resolve("sub-" + i + "_timeseries.npy"), values, ExampleStudy.PARCELS, 20);
            table.append("sub-").append(i).append("\t2.0\n");
        }
        Files.writeString(data.resolve("participants.tsv"), table.toString());
        return data;
    }

    private static Path series(Path cohort, String id) {
        return cohort.resolve(
                "site-A/" + id + "/func/" + id + "_task-rest_atlas-ellipsoid12_desc-synthetic_timeseries.npy");
    }

    @Test
    void theStudyGetsItsCoordinates() throws IOException {
        Path atlas = Files.writeString(folder.resolve("a.tsv"), "index\tx\ty\tz\n1\t1\t2\t3\n");
        assertThat(run("study-coordinates", "--atlas", atlas.toString())).isZero();
        assertThat(out.toString().strip()).isEqualTo("coordinates_millimetres = [[1.0, 2.0, 3.0]]");
    }

    @Test
    void newYorkIsPrintedAsATable() {
        Path nyu = SharedData.require("data/abide1/site-NYU");
        assertThat(run("check", nyu.toString())).isZero();
        assertThat(out.toString())
                .contains("atlas-CC200 desc-nofiltnoglobal", "173 admitted, 2 rejected", "constant-parcels");
    }

    private int run(String... arguments) {
        return new CommandLine(new CohortCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
    }
}
