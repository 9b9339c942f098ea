package org.commissure.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegionalStudyTest {
    private static final String TEXT = """
        [study]
        kind = "regional"
        name = "three regions"
        purpose = "research"
        [rounds]
        maximum_attempts = 3
        [quorum]
        minimum_sites = 3
        maximum_colluders = 1
        [deadlines]
        invite_seconds = 60
        keys_seconds = 60
        upload_seconds = 60
        vote_seconds = 60
        unmask_seconds = 60
        reconnect_grace_seconds = 5
        [privacy]
        mode = "local"
        clip_norm = 12.0
        noise_multiplier = 1.0
        delta = 1e-5
        [regional.statistics]
        repetition_time_seconds = 2.0
        repetition_time_tolerance_seconds = 0.0
        minimum_frames = 100
        window_seconds = 60.0
        histogram_bins = 200
        validation_fraction = 0.3
        minimum_subjects = 10
        [regional.fit]
        method = "homogeneous"
        sites = ["first"]
        budget = 10
        offspring = 16
        repeats = 2
        seed = 1
        simulated_frames = 176
        stride_frames = 1
        haemodynamics = "kong2021"
        [regional.refinement]
        rounds = 0
        iterations = 1
        [regional.scoring]
        external_fraction = 0.25
        repeats = 5
        bootstrap_samples = 100
        [regional.atlas]
        names = ["a", "b", "c"]
        source_parcels = 4
        coverage = [1.0, 0.4, 0.9]
        weights = [[1, 1, 1.0], [2, 2, 0.5], [2, 3, 0.5], [3, 4, 1.0]]
        structural_connectivity = [[0, 1, 2], [1, 0, 3], [2, 3, 0]]
        """;

    @Test
    void aStudyOfKindRegionalHasAPlanAndNoNetwork() {
        Study study = StudyFile.parse(TEXT).study();
        RegionalPlan plan = study.regional().orElseThrow();
        assertThat(plan.regions()).isEqualTo(3);
        assertThat(plan.windowFrames()).isEqualTo(30);
        assertThat(plan.atlas().poorlyCovered()).containsExactly("b");
        assertThat(study.rounds().count()).isEqualTo(2);
        assertThat(study.externalFraction()).isEqualTo(0.25);
        assertThat(study.privacy().samplingRate()).isEqualTo(1);
        assertThatThrownBy(study::model).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void eachRefinementIsARoundOfItsOwn() {
        String six = TEXT.replace("names = [\"a\", \"b\", \"c\"]", "names = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]")
                .replace("source_parcels = 4", "source_parcels = 6")
                .replaceAll("(?m)^(coverage|weights) = .*$", "")
                .replaceAll(
                        "(?m)^structural_connectivity = .*$",
                        "structural_connectivity = [[0,1,1,1,1,1],[1,0,1,1,1,1],[1,1,0,1,1,1],[1,1,1,0,1,1],"
                                + "[1,1,1,1,0,1],[1,1,1,1,1,0]]")
                .replace("[regional.refinement]\nrounds = 0", "[regional.refinement]\nrounds = 2");
        assertThat(StudyFile.parse(six).study().rounds().count()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind = \"regional\" | kind = \"surface\" | study.kind",
                "histogram_bins = 200 | histogram_bins = 300 | regional.statistics.histogram_bins",
                "minimum_frames = 100 | minimum_frames = 31 | regional.statistics.minimum_frames",
                "method = \"homogeneous\" | method = \"pmfm\" | regional.fit.method",
                "method = \"homogeneous\" | method = \"rmfm\" | regional.atlas.names",
                "sites = [\"first\"] | sites = [\"first\", \"NYU\"] | regional.fit.sites",
                "simulated_frames = 176 | simulated_frames = 30 | regional.fit.simulated_frames",
                "[2, 3, 0.5] | [2, 3, 0.4] | regional.atlas.weights",
                "[2, 3, 0.5] | [2, 5, 0.5] | regional.atlas.weights",
                "[1, 0, 3] | [1, 0, 4] | regional.atlas.structural_connectivity",
                "[0, 1, 2], [1, 0, 3] | [0, -1, 2], [-1, 0, 3] | regional.atlas.structural_connectivity",
                "coverage = [1.0, 0.4, 0.9] | coverage = [1.0, 0.4] | regional.atlas.coverage",
                "external_fraction = 0.25 | external_fraction = 1.0 | regional.scoring.external_fraction",
                "minimum_subjects = 10 | minimum_patients = 10 | regional.statistics.minimum_patients"
            })
    void aMistakeIsRefusedByTheNameOfItsKey(String from, String to, String key) {
        String text = TEXT.replace(from, to);
        assertThat(text).isNotEqualTo(TEXT);
        assertThatThrownBy(() -> StudyFile.parse(text))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining(key);
    }

    private static final String SITES = """
        [regional.structure]
        source = "sites"
        clip_norm = 5.0
        consensus = 0.5
        minimum_patients = 50
        """;

    @Test
    void theConnectomeIsTheStudysUnlessTheStudyAsksTheSites() {
        assertThat(StudyFile.parse(TEXT).study().regional().orElseThrow().siteStructure())
                .isEmpty();
        assertThat(StudyFile.parse(TEXT + "[regional.structure]\nsource = \"study\"\n")
                        .study()
                        .regional()
                        .orElseThrow()
                        .siteStructure())
                .isEmpty();
        RegionalPlan plan = StudyFile.parse(TEXT + SITES).study().regional().orElseThrow();
        assertThat(plan.siteStructure()).contains(new RegionalStructure.OfSites(5, 0.5, 50));
        assertThat(RegionalVectors.of(plan).length(SumKind.STATISTICS)).isEqualTo(2 * (1 + 3 + 200) + 1 + 2 * 3 + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source = \"sites\" | source = \"hospitals\" | regional.structure.source",
                "source = \"sites\" | source = \"study\" | regional.structure.clip_norm",
                "clip_norm = 5.0 | clip_norm = 0.0 | regional.structure.clip_norm",
                "clip_norm = 5.0 | clip = 5.0 | regional.structure.clip",
                "consensus = 0.5 | consensus = 1.5 | regional.structure.consensus",
                "minimum_patients = 50 | minimum_patients = 1 | regional.structure.minimum_patients",
                "minimum_patients = 50 | # | regional.structure.minimum_patients"
            })
    void aMistakeInTheConnectomesSourceIsRefusedByTheNameOfItsKey(String from, String to, String key) {
        String text = TEXT + SITES.replace(from, to);
        assertThat(text).isNotEqualTo(TEXT + SITES);
        assertThatThrownBy(() -> StudyFile.parse(text))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining(key);
    }

    private static final String MAPS = """
        myelin = [1, 2, 4]
        gradient = [1, -1, 0]
        [regional.maps]
        names = ["myelin", "gradient"]
        minimum_patients = 50
        """;

    @Test
    void theMapsOfTheSitesFollowInTheSumOfStatistics() {
        String pmfm = TEXT.replace("method = \"homogeneous\"", "method = \"pmfm\"");
        RegionalPlan plan = StudyFile.parse(pmfm + MAPS).study().regional().orElseThrow();
        assertThat(plan.maps()).contains(new RegionalMaps(List.of("myelin", "gradient"), 50));
        RegionalVectors vectors = RegionalVectors.of(plan);
        assertThat(vectors.mapOffset(1)).isEqualTo(2 * (1 + 3 + 200) + 1 + 3);
        assertThat(vectors.length(SumKind.STATISTICS)).isEqualTo(2 * (1 + 3 + 200) + 2 * (1 + 3) + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "homogeneous | # | # | regional.maps",
                "pmfm | \"gradient\" | \"thickness\" | regional.maps.names",
                "pmfm | \"gradient\" | \"myelin\" | regional.maps.names",
                "pmfm | minimum_patients = 50 | minimum_patients = 1 | regional.maps.minimum_patients",
                "pmfm | gradient = [1, -1, 0] | # | regional.fit.method"
            })
    void aMistakeInTheSitesMapsIsRefusedByTheNameOfItsKey(String method, String from, String to, String key) {
        String text = TEXT.replace("method = \"homogeneous\"", "method = \"" + method + "\"") + MAPS.replace(from, to);
        assertThatThrownBy(() -> StudyFile.parse(text))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aNetworksSectionsAreUnknownToARegionalStudy() {
        assertThatThrownBy(() -> StudyFile.parse(TEXT + "[model]\npreset = \"x\"\n"))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("model");
    }

    @Test
    void thePublishedBlocksFollowOneAnother() {
        RegionalVectors vectors = new RegionalVectors(68, 200, false, 0);
        assertThat(vectors.pairs()).isEqualTo(2278);
        assertThat(vectors.offset(SumKind.FIT)).isEqualTo(2 * (1 + 2278 + 200) + 1);
        assertThat(vectors.published()).isEqualTo(vectors.offset(SumKind.REFINE) + 205 + 205 * 206 / 2 + 1);
    }
}
