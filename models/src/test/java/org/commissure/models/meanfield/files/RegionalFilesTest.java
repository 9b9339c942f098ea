package org.commissure.models.meanfield.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.simulation.MeanFieldReference;
import org.commissure.models.reference.ReferenceNumbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegionalFilesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"p.csv", "p.npy", "p.json"})
    void candidatesComeBackAsTheyWere(String name) throws IOException {
        RegionalParameters one = RegionalParameters.ofVector(new double[] {.1, .2, .3, .4, 5, .001, .002});
        RegionalParameters other = RegionalParameters.homogeneous(2, .5, .3, 1 / 3.0, .003);
        ParameterFile.write(
                folder.resolve(name), new ParameterFile.Contents(List.of(one, other), Map.of("command", "fit")));

        ParameterFile.Contents read = ParameterFile.read(folder.resolve(name));

        assertThat(read.candidates()).hasSize(2);
        assertThat(read.candidates().get(0).toVector()).containsExactly(one.toVector());
        assertThat(read.candidates().get(1).toVector()).containsExactly(other.toVector());
        assertThat(read.provenance()).isEqualTo(name.endsWith("json") ? Map.of("command", "fit") : Map.of());
    }

    @Test
    void thePublishedTableIsReadWithoutItsHead() throws IOException {
        Path table =
                ReferenceNumbers.folder("reference/meanfield/published").resolve("pmfm_top10_parameters_and_costs.csv");
        List<RegionalParameters> candidates = ParameterFile.read(table).candidates();
        assertThat(candidates).hasSize(10);
        assertThat(candidates.get(3).toVector())
                .containsExactly(MeanFieldReference.published(3).toVector(), within(1e-15));
    }

    @Test
    void parameterFilesThatDoNotFitAreRefused() throws IOException {
        refused(() -> ParameterFile.read(file("p.csv", "1\n2\n3\n4\n5\n")), "5 rows; candidates are columns");
        refused(() -> ParameterFile.read(file("p.csv", "1,1\n2,NaN\n3,3\n4,4\n")), "candidate 2", "not finite");
        refused(() -> ParameterFile.read(file("p.json", "{")), "it is no JSON");
        refused(() -> ParameterFile.read(file("p.json", "{}")), "it does not say kind");
        String head = "{\"kind\":\"commissure regional parameters\",\"version\":1,\"candidates\":[";
        refused(() -> ParameterFile.read(file("p.json", head + "]}")), "no candidates");
        refused(() -> ParameterFile.read(file("p.json", head + "{\"w\":[1],\"I\":[1],\"G\":1}]}")), "no list sigma");
        refused(
                () -> ParameterFile.read(file("p.json", head + "{\"w\":[\"x\"],\"I\":[1],\"G\":1,\"sigma\":[1]}]}")),
                "w holds something that is no number");
    }

    @Test
    void cumulativeCountsBecomeFractions() throws IOException {
        double[] cumulative = DynamicsFile.readCumulative(file("cdf.csv", "0\n".repeat(9_998) + "1\n4\n"));
        assertThat(cumulative[9_997]).isZero();
        assertThat(cumulative[9_998]).isEqualTo(0.25);
        assertThat(cumulative[9_999]).isEqualTo(1);
    }

    @Test
    void aDistributionThatFallsOrIsEmptyIsRefused() throws IOException {
        refused(
                () -> DynamicsFile.readCumulative(file("cdf.csv", "0\n".repeat(9_998) + "2\n1\n")),
                "bin 10000 is 1.0 after 2.0");
        refused(() -> DynamicsFile.readCumulative(file("cdf.csv", "0\n".repeat(10_000))), "all its bins are 0");
        refused(() -> DynamicsFile.readCumulative(file("cdf.csv", "NaN\n" + "1\n".repeat(9_999))), "bin 1 is NaN");
        refused(() -> DynamicsFile.readCumulative(file("cdf.csv", "1\n2\n")), "it has 2 bins");
    }

    @Test
    void connectivityThatIsNoneIsRefused() throws IOException {
        refused(() -> TargetFile.connectome(file("sc.csv", "0,1\n2,0\n")), "sc.csv", "not symmetric");
        refused(() -> TargetFile.connectome(file("sc.csv", "0,-1\n-1,0\n")), "not negative");
        refused(() -> TargetFile.connectome(file("sc.csv", "0,1,1\n1,0,1\n")), "2 rows, but row 1 has 3 columns");
        refused(() -> TargetFile.connectome(file("sc.csv", "0,1,0\n1,0,0\n0,0,0\n")), "region 3 has no path");
        refused(() -> TargetFile.connectome(file("sc.csv", "0,0\n0,0\n")), "region 2 has no path");
        refused(() -> TargetFile.read(file("fc.csv", "1,NaN\nNaN,1\n"), Optional.empty()), "fc.csv", "NaN at row 1");
        refused(() -> TargetFile.read(file("fc.csv", "1,.5\n.4,1\n"), Optional.empty()), "not symmetric");
    }

    @Test
    void theAtlasesOfPatientsAreTablesOfRegions() throws IOException {
        Path atlases = ReferenceNumbers.folder("data/atlases");
        RegionTable parcels = RegionTable.read(atlases.resolve("CC200.tsv"));
        assertThat(parcels.size()).isEqualTo(200);
        assertThat(parcels.regions())
                .filteredOn(region -> region.network().isPresent())
                .hasSize(169);
        assertThat(parcels.regions())
                .filteredOn(region -> region.hemisphere() == RegionTable.Hemisphere.MIDLINE)
                .hasSize(20);
        assertThat(RegionTable.read(atlases.resolve("A424.tsv")).size()).isEqualTo(424);
    }

    @Test
    void aTableOfRegionsSaysHemispheresAndNetworksWhereItKnowsThem() throws IOException {
        RegionTable table =
                RegionTable.read(file("regions.tsv", "index\tregion\themisphere\tyeo7\n1\tA\tL\t7\n2\tB\tR\t0\n"));
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.regions().getFirst().name()).isEqualTo("A");
        assertThat(table.regions().getFirst().hemisphere()).isEqualTo(RegionTable.Hemisphere.LEFT);
        assertThat(table.regions().getFirst().network()).hasValue(7);
        assertThat(RegionTable.NETWORKS.get(6)).isEqualTo("Default");
        assertThat(table.regions().getLast().network()).isEmpty();
        RegionTable.Region midline = RegionTable.read(file("regions.tsv", "index\themisphere\n1\tM\n"))
                .regions()
                .getFirst();
        assertThat(midline.name()).isEqualTo("1");
        assertThat(midline.hemisphere()).isEqualTo(RegionTable.Hemisphere.MIDLINE);

        refused(() -> RegionTable.read(file("regions.tsv", "label\n1\n")), "no column 'region', 'name' or 'index'");
        refused(() -> RegionTable.read(file("regions.tsv", "region\tyeo7\nA\t9\n")), "line 2: yeo7");
        refused(() -> RegionTable.read(file("regions.tsv", "region\themisphere\nA\tleft\n")), "neither L nor R");
        refused(() -> RegionTable.read(file("regions.tsv", "region\tyeo7\nA\n")), "line 2 has 1 fields");
        refused(() -> RegionTable.read(file("regions.tsv", "region\n")), "names no regions");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static void refused(ThrowingCallable reading, String... why) {
        assertThatThrownBy(reading).isInstanceOf(RegionalFileException.class).hasMessageContainingAll(why);
    }
}
