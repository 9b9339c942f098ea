package org.commissure.models.meanfield.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndividualFitTest {
    private static final double TR = 0.72;
    private static final int FRAMES = 250;
    private static final SubjectTask.Settings SETTINGS = new SubjectTask.Settings(Haemodynamics.WANG_2018, 3, 0.25, 3);

    @TempDir
    private Path folder = Path.of("");

    private final PlantedCohort cohort = new PlantedCohort(4);
    private final RegionalParameters group =
            RegionalParameters.homogeneous(PlantedCohort.REGIONS, 0.5, 0.3, 2.5, 0.004);

    @Test
    void aSubjectsOwnModelExplainsTheSubjectBetterThanTheGroupsDoes() throws Exception {
        SubjectTask task = task("sub-1", series(1));
        assertThat(task.dynamics())
                .as("250 frames hold 168 windows of a minute")
                .isNotEmpty();
        SubjectResult result = IndividualFit.fit(task);
        assertThat(result.fcCorrelation()).isGreaterThan(result.groupFcCorrelation() + 0.05);
        assertThat(result.ks()).isBetween(0.0, 1.0);
        assertThat(result.parameters()).hasSize(3 * PlantedCohort.REGIONS + 1);
    }

    @Test
    void aTaskSurvivesTheWayToAnotherProcess() throws Exception {
        SubjectTask task = task("sub-1", series(1));
        ObjectMapper json = new ObjectMapper();
        SubjectTask read = json.readValue(json.writeValueAsString(task), SubjectTask.class);
        assertThat(IndividualFits.fingerprint(read)).isEqualTo(IndividualFits.fingerprint(task));
        assertThat(IndividualFit.fit(read).parameters())
                .containsExactly(IndividualFit.fit(task).parameters());
    }

    @Test
    void resultsAreTheirOwnersAloneAndAreNotComputedTwice() throws Exception {
        List<SubjectTask> tasks = List.of(task("sub-1", series(1)), task("sub-2", series(2)));
        List<IndividualFits.Ended> first = IndividualFits.run(tasks, folder, 2, FitListener.NONE);
        assertThat(first).allMatch(one -> one.result().isPresent()).noneMatch(IndividualFits.Ended::kept);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("sub-1.json"))))
                .isEqualTo("rw-------");
        List<IndividualFits.Ended> again = IndividualFits.run(tasks, folder, 2, FitListener.NONE);
        assertThat(again).allMatch(IndividualFits.Ended::kept);
        assertThat(again.getFirst().result().orElseThrow().parameters())
                .containsExactly(first.getFirst().result().orElseThrow().parameters());
    }

    @Test
    void aResultOfAnotherTaskIsNotTakenForThisOnes() throws Exception {
        IndividualFits.run(List.of(task("sub-1", series(1))), folder, 1, FitListener.NONE);
        assertThatThrownBy(() -> IndividualFits.run(List.of(task("sub-1", series(2))), folder, 1, FitListener.NONE))
                .isInstanceOf(FitCheckpointException.class);
    }

    @Test
    void aShortScanHasNoDynamics() {
        Bold series = series(1);
        double[] start = java.util.Arrays.copyOf(series.values(), 120 * PlantedCohort.REGIONS);
        assertThat(task("sub-1", new Bold(120, PlantedCohort.REGIONS, start)).dynamics())
                .isEmpty();
    }

    @Test
    void aConstantRegionIsNamed() {
        Bold series = series(1);
        double[] values = series.values().clone();
        for (int frame = 0; frame < FRAMES; frame++) {
            values[frame * PlantedCohort.REGIONS + 4] = 1;
        }
        assertThatThrownBy(() -> task("sub-1", new Bold(FRAMES, PlantedCohort.REGIONS, values)))
                .hasMessageContaining("region 5 is constant");
        values[3] = Double.NaN;
        assertThatThrownBy(() -> task("sub-1", new Bold(FRAMES, PlantedCohort.REGIONS, values)))
                .hasMessageContaining("not finite");
    }

    private SubjectTask task(String subject, Bold series) {
        return SubjectTask.of(subject, series, TR, cohort.connectome, group, SETTINGS);
    }

    private Bold series(int person) {
        Timing timing = Timing.of(TR, FRAMES);
        try (VectorSimulator simulator = new VectorSimulator()) {
            return simulator
                    .simulate(
                            cohort.connectome,
                            List.of(cohort.planted),
                            Haemodynamics.WANG_2018,
                            timing,
                            PhiloxNoise.of(50, person))
                    .getFirst()
                    .after(timing.discardedFrames());
        }
    }
}
