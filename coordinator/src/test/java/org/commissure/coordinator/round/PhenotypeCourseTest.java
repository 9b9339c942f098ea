package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;

final class PhenotypeCourseTest {
    private static final String TEXT = """
        [study]
        kind = "phenotype"
        name = "diagnosis"
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
        mode = "none"
        [phenotype]
        external_fraction = 0.25
        minimum_patients = 10
        [phenotype.target]
        column = "diagnosis"
        type = "classification"
        classes = ["TC", "ASD"]
        [[phenotype.covariates]]
        column = "age"
        [phenotype.features]
        kind = "connectivity"
        parcels = 20
        minimum_frames = 100
        dimensions = 8
        seed = 1
        [phenotype.harmonisation]
        scaling = "quantiles"
        method = "combat"
        [phenotype.fit]
        penalties = [1]
        folds = 1
        iterations = 3
        tolerance = 1e-6
        [phenotype.overlap]
        buckets = 1024
        """;

    private final Study study = StudyFile.parse(TEXT).study();

    @Test
    void everySumFollowsTheOneThatItNeeds() {
        assertThat(course(0))
                .containsExactly(
                        "OVERLAP 0",
                        "SCALE 1",
                        "HARMONISE 2",
                        "FIT 3",
                        "REFINE 4",
                        "REFINE 5",
                        "REFINE 6",
                        "EVALUATE 6");
    }

    @Test
    void refinementEndsOnceNothingMoves() {
        assertThat(course(5)).endsWith("REFINE 4", "REFINE 5", "EVALUATE 5");
    }

    /** @param converged round after which nothing moves; 0 for never */
    private List<String> course(int converged) {
        List<String> course = new ArrayList<>();
        Optional<Sum> sum = Optional.of(Course.first(study));
        while (sum.isPresent()) {
            Sum at = sum.get();
            course.add(at.kind() + " " + at.round());
            sum = Course.after(study, at, true, at.kind() == SumKind.REFINE && at.round() == converged);
        }
        return course;
    }

    @Test
    void withoutItsStatisticsARunEndsAndWithoutAStepItGoesOn() {
        for (SumKind kind : List.of(SumKind.SCALE, SumKind.HARMONISE, SumKind.FIT)) {
            assertThat(Course.isTheEnd(kind, 1)).as(kind.name()).isTrue();
        }
        assertThat(Course.after(study, new Sum(4, SumKind.REFINE, 3), false, false))
                .isEqualTo(Optional.of(new Sum(5, SumKind.REFINE, 1)));
        assertThat(Course.after(study, new Sum(0, SumKind.OVERLAP, 3), false, false))
                .isEqualTo(Optional.of(new Sum(1, SumKind.SCALE, 1)));
        assertThat(Course.after(study, new Sum(3, SumKind.FIT, 3), false, false))
                .isEmpty();
    }

    @Test
    void patientsAtSeveralSitesAreToldFromThoseWhoMeetByChance() {
        int buckets = 5;
        double[] values = new double[3 * buckets];
        put(values, 0, 7); // one patient
        put(values, 1, 9, 9); // the same at two sites
        put(values, 2, 9, 10); // two who meet
        put(values, 3, 4, 4, 4); // the same at three sites
        put(values, 4, 4, 4, 5); // three of whom two may be the same
        assertThat(PhenotypeResult.Overlap.of(values, buckets)).isEqualTo(new PhenotypeResult.Overlap(11, 3, 1));
    }

    private static void put(double[] values, int bucket, int... fingerprints) {
        int buckets = values.length / 3;
        for (int fingerprint : fingerprints) {
            values[bucket]++;
            values[buckets + bucket] += fingerprint;
            values[2 * buckets + bucket] += fingerprint * fingerprint;
        }
    }
}
