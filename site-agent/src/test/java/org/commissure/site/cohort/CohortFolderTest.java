package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.commissure.models.npy.NpyWriter;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CohortFolderTest {
    private static final CohortRules RULES = new CohortRules(10, 20);

    @TempDir
    Path temporary;

    private Path site;

    @BeforeEach
    void makeASite() {
        new SyntheticCohort(List.of("A"), 6, 10, 24, 7).write(temporary.resolve("cohort"));
        site = temporary.resolve("cohort/site-A");
    }

    @Test
    void aSoundCohortIsAdmittedWhole() {
        Admission admission = CohortFolder.read(site, RULES);
        assertThat(admission.rejected()).isEmpty();
        assertThat(admission.admitted()).hasSize(6).allSatisfy(subject -> {
            assertThat(subject.frames()).isEqualTo(24);
            assertThat(subject.repetitionTimeSeconds()).isEqualTo(2.0);
            assertThat(subject.load()).hasSize(240);
        });
    }

    @Test
    void everyKindOfTroubleIsNamedAndTheOthersStillTakePart() throws IOException {
        Files.delete(series("sub-A0001"));
        Files.write(series("sub-A0002"), new byte[] {1, 2, 3});
        Files.copy(series("sub-A0003"), series("sub-A0004"), StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(site.resolve("sub-A0099/func"));
        editTable(table -> table.replaceAll("(sub-A0005\t.*)\t2\\.0\t", "$1\tn/a\t") + "../../etc\tA\t1\tM\t2.0\t24\n");
        assertThat(reasons())
                .isEqualTo(Map.of(
                        "../../etc", "bad-participant-id",
                        "sub-A0001", "missing-file",
                        "sub-A0002", "corrupt-file",
                        "sub-A0003", "duplicate-series",
                        "sub-A0004", "duplicate-series",
                        "sub-A0005", "repetition-time-missing",
                        "sub-A0099", "not-in-participants"));
    }

    @Test
    void valuesThatCannotBeTrainedOnAreRejected() throws IOException {
        float[] constant = subject(1).load();
        Arrays.fill(constant, 3 * 24, 4 * 24, 5f);
        NpyWriter.write(series("sub-A0001"), constant, 10, 24);
        float[] notFinite = subject(2).load();
        notFinite[100] = Float.NaN;
        notFinite[101] = Float.NEGATIVE_INFINITY;
        NpyWriter.write(series("sub-A0002"), notFinite, 10, 24);
        NpyWriter.write(series("sub-A0003"), Arrays.copyOf(subject(3).load(), 190), 10, 19);
        NpyWriter.write(series("sub-A0004"), Arrays.copyOf(subject(4).load(), 216), 9, 24);
        assertThat(CohortFolder.read(site, RULES).rejected())
                .extracting(rejection -> rejection.reason().code() + ": " + rejection.message())
                .containsExactly(
                        "constant-parcels: has 1 constant parcel: 4",
                        "not-finite: has 2 NaN or infinite values",
                        "too-short: has 19 frames; at least 20 are needed",
                        "wrong-parcel-count: has 9 parcels, not 10");
    }

    @Test
    void aParticipantWithTwoRowsIsRejected() throws IOException {
        editTable(table -> table + "sub-A0006\tA\t9\tM\t2.0\t24\n");
        assertThat(reasons()).isEqualTo(Map.of("sub-A0006", "duplicate-participant"));
    }

    @Test
    void aCopyIsFoundEvenInAnotherNumberFormat() throws Exception {
        float[] values = subject(1).load();
        ByteBuffer doubles = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            doubles.putDouble(value);
        }
        Files.write(
                series("sub-A0002"),
                SeriesFileTest.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (10, 24)}", doubles.array()));
        assertThat(reasons()).isEqualTo(Map.of("sub-A0001", "duplicate-series", "sub-A0002", "duplicate-series"));
    }

    @Test
    void onePipelineIsReadAndTheOtherIsNamed() throws IOException {
        for (int number = 1; number <= 5; number++) {
            Path file = series("sub-A000" + number);
            Path renamed =
                    file.resolveSibling(file.getFileName().toString().replace("desc-synthetic", "desc-nofiltnoglobal"));
            if (number == 1) {
                Files.copy(file, renamed);
            } else {
                Files.move(file, renamed);
            }
        }
        Admission admission = CohortFolder.read(site, RULES);
        assertThat(admission.variant().description()).isEqualTo("nofiltnoglobal");
        assertThat(admission.admitted()).hasSize(5);
        assertThat(admission.byReason()).isEqualTo(Map.of("pipeline-mismatch", 1));
    }

    @Test
    void theJsonBesideTheFolderStatesTheRepetitionTime() throws IOException {
        editTable(table -> table.replace("repetition_time", "note").replace("\t2.0\t", "\tx\t"));
        assertThat(CohortFolder.read(site, RULES).byReason()).containsOnlyKeys("repetition-time-missing");
        Files.writeString(site.resolve("task-rest_timeseries.json"), "{\"RepetitionTime\": 1.5}");
        assertThat(CohortFolder.read(site, RULES).admitted())
                .hasSize(6)
                .allSatisfy(
                        subject -> assertThat(subject.repetitionTimeSeconds()).isEqualTo(1.5));
    }

    @Test
    void aSeriesThatChangesAfterAdmissionIsNotTrainedOn() throws IOException {
        Subject subject = subject(1);
        Files.copy(series("sub-A0002"), series("sub-A0001"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(subject::load)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("changed after it was admitted")
                .hasMessageNotContaining("sub-");
    }

    @Test
    void noParticipantIdIsPrintedByTheRecords() throws IOException {
        Files.delete(series("sub-A0001"));
        Admission admission = CohortFolder.read(site, RULES);
        assertThat(admission.admitted().toString() + admission.rejected()).doesNotContain("sub-");
    }

    @Test
    void aRowWithAMissingCellNamesItsLine() throws IOException {
        editTable(table -> table + "sub-A0007\tA\n");
        assertThatThrownBy(() -> CohortFolder.read(site, RULES))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 8 has 2 columns, but the header has 6");
    }

    @Test
    void aFolderWithoutATableIsAnError() {
        assertThatThrownBy(() -> CohortFolder.read(temporary, RULES)).isInstanceOf(UserError.class);
    }

    @Test
    void twoPeopleOfUm1WithTheSameSeriesAreBothRejected() {
        Path um1 = SharedData.require("data/abide1/site-UM1");
        Admission admission = CohortFolder.read(um1, new CohortRules(200, 80));
        assertThat(admission.admitted()).hasSize(104);
        assertThat(admission.rejected())
                .extracting(rejection ->
                        rejection.participantId() + " " + rejection.reason().code())
                .containsExactly("sub-0050279 duplicate-series", "sub-0050286 duplicate-series");
    }

    @Test
    void caltechIsReadUnfilteredAndItsBlindParcelsAreFound() {
        // 16 of 37 have constant parcels, by the data set's own notes.
        Path caltech = SharedData.require("data/abide1/site-CALTECH");
        Admission admission = CohortFolder.read(caltech, new CohortRules(200, 80));
        assertThat(admission.variant()).hasToString("atlas-CC200 desc-nofiltnoglobal");
        assertThat(admission.byReason()).isEqualTo(Map.of("constant-parcels", 16));
        Admission filtered = CohortFolder.read(caltech, new CohortRules(200, 80, "CC200", "filtglobal"));
        assertThat(filtered.variant()).hasToString("atlas-CC200 desc-filtglobal");
        Admission harvardOxford = CohortFolder.read(caltech, new CohortRules(111, 80));
        assertThat(harvardOxford.variant().atlas()).isEqualTo("HO");
    }

    @Test
    void aBandPassedSeriesUnderAnotherNameIsFoundByItsSpectrum() throws IOException {
        Path caltech = SharedData.require("data/abide1/site-CALTECH");
        List<Subject> sound =
                CohortFolder.read(caltech, new CohortRules(200, 80)).admitted().subList(0, 5);
        Path mixed = temporary.resolve("mixed");
        StringBuilder table = new StringBuilder("participant_id\trepetition_time\n");
        for (Subject subject : sound) {
            Path copy = mixed.resolve(caltech.relativize(subject.series()));
            Files.createDirectories(copy.getParent());
            String filtered = subject.series().toString().replace("nofiltnoglobal", "filtglobal");
            Files.copy(subject.equals(sound.getLast()) ? Path.of(filtered) : subject.series(), copy);
            table.append(subject.participantId()).append("\t2.0\n");
        }
        Files.writeString(mixed.resolve("participants.tsv"), table);
        assertThat(CohortFolder.read(mixed, new CohortRules(200, 80)).rejected())
                .singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.participantId())
                            .isEqualTo(sound.getLast().participantId());
                    assertThat(rejection.reason()).isEqualTo(RejectionReason.PIPELINE_MISMATCH);
                    assertThat(rejection.message()).contains("above 0.1 Hz: it was band-passed", "was not");
                });
    }

    @Test
    void ohsuIsTooShortForALongerWindow() {
        Path ohsu = SharedData.require("data/abide1/site-OHSU");
        assertThat(CohortFolder.read(ohsu, new CohortRules(200, 80)).byReason()).isEqualTo(Map.of("too-short", 26));
    }

    private Map<String, String> reasons() {
        return CohortFolder.read(site, RULES).rejected().stream()
                .collect(Collectors.toMap(
                        Rejection::participantId,
                        rejection -> rejection.reason().code()));
    }

    private Subject subject(int number) {
        return CohortFolder.read(site, RULES).admitted().stream()
                .filter(subject -> subject.participantId().equals("sub-A000" + number))
                .findFirst()
                .orElseThrow();
    }

    private Path series(String participant) {
        return site.resolve(participant)
                .resolve("func")
                .resolve(participant + "_task-rest_atlas-ellipsoid10_desc-synthetic_timeseries.npy");
    }

    private void editTable(UnaryOperator<String> edit) throws IOException {
        Path table = site.resolve("participants.tsv");
        Files.writeString(table, edit.apply(Files.readString(table)));
    }
}
