package org.commissure.site.regional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.federated.SubjectStatistics;
import org.commissure.models.npy.NpyWriter;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalPlan.Atlas;
import org.commissure.protocol.study.RegionalPlan.Fit;
import org.commissure.protocol.study.RegionalPlan.Haemodynamics;
import org.commissure.protocol.study.RegionalPlan.Method;
import org.commissure.protocol.study.RegionalPlan.Refinement;
import org.commissure.protocol.study.RegionalPlan.Scoring;
import org.commissure.protocol.study.RegionalPlan.Statistics;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegionalCohortTest {
    private static final int MINIMUM = 10;
    private static final RegionalPlan PLAN = new RegionalPlan(
            new Atlas(
                    List.of("a", "b", "c"),
                    3,
                    Optional.empty(),
                    Optional.empty(),
                    new double[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}},
                    Optional.empty(),
                    Optional.empty()),
            new Statistics(2, 0.001, 100, 60, 200, 0.3, MINIMUM),
            new Fit(Method.HOMOGENEOUS, List.of("first"), 1, 8, 1, 1, 176, 1, Haemodynamics.KONG_2021),
            new Refinement(0, 1),
            new Scoring(0.25, 1, 10),
            Optional.empty(),
            Optional.empty());

    private static List<Subject> subjects(String prefix, int count, double seconds) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Subject("sub-" + prefix + i, Path.of("x.npy"), 3, 120, seconds, "00"))
                .toList();
    }

    private static SealedSplit split(List<Subject> internal, List<Subject> external) {
        return new SealedSplit(internal, external, new byte[32], new byte[32]);
    }

    @Test
    void severalScansOfOnePatientAreOneEntryWithinTheClipNorm(@TempDir Path folder) throws Exception {
        for (int session = 1; session <= 3; session++) {
            Random random = new Random(session);
            float[] values = new float[3 * 120];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            Path func = Files.createDirectories(folder.resolve("sub-01/ses-" + session + "/func"));
            NpyWriter.write(func.resolve("sub-01_ses-" + session + "_timeseries.npy"), values, 3, 120);
        }
        Files.writeString(folder.resolve("participants.tsv"), "participant_id\trepetition_time\nsub-01\t2\n");
        List<Subject> patient =
                CohortFolder.read(folder, new CohortRules(3, 100)).admitted();
        assertThat(patient)
                .singleElement()
                .satisfies(one -> assertThat(one.scans()).hasSize(3));
        double clipNorm = 0.01;
        List<SubjectStatistics> statistics = new CohortStatistics(PLAN, clipNorm).of(patient, at -> {});
        assertThat(statistics).hasSize(1);
        double[] z = statistics.getFirst().connectivity();
        assertThat(Math.sqrt(Arrays.stream(z).map(v -> v * v).sum())).isBetween(1e-4, clipNorm * (1 + 1e-12));
    }

    @Test
    void everyPatientIsInOnePartWhateverOthersThereAre() {
        List<Subject> all = subjects("A", 60, 2);
        RegionalCohort whole = RegionalCohort.of(split(all, subjects("X", 3, 2)), PLAN);
        RegionalCohort fewer = RegionalCohort.of(split(all.subList(20, 60), subjects("X", 3, 2)), PLAN);
        assertThat(whole.training().size() + whole.validation().size()).isEqualTo(60);
        assertThat(whole.training()).hasSizeBetween(30, 55).containsAll(fewer.training());
        assertThat(whole.validation()).containsAll(fewer.validation());
    }

    @Test
    void scansOfAnotherRepetitionTimeTakeNoPart() {
        SealedSplit mixed = split(
                IntStream.range(0, 2)
                        .boxed()
                        .flatMap(i -> subjects("A" + i, 30, 2 + 0.5 * i).stream())
                        .toList(),
                subjects("X", 4, 2));
        RegionalCohort cohort = RegionalCohort.of(mixed, PLAN);
        assertThat(cohort.training().size() + cohort.validation().size()).isEqualTo(30);
        assertThat(RegionalCohort.problem(mixed, PLAN, Optional.empty())).isEmpty();
    }

    @Test
    void aSiteOfAnotherRepetitionTimeIsToldBoth() {
        assertThat(RegionalCohort.problem(split(subjects("A", 40, 1.5), subjects("X", 4, 1.5)), PLAN, Optional.empty()))
                .hasValueSatisfying(problem -> assertThat(problem).contains("1.50 s", "2.00 s"));
    }

    @Test
    void tooFewPatientsAreNamedWithTheirCommonestProblemAndWithoutCounts() {
        assertThat(RegionalCohort.problem(
                        split(subjects("A", MINIMUM - 1, 2), subjects("X", 4, 2)),
                        PLAN,
                        Optional.of(RejectionReason.WRONG_PARCEL_COUNT)))
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("too few patients", "wrong-parcel-count")
                        .doesNotContain("9"));
    }
}
