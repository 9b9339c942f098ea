package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.site.cohort.SharedData;
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
