package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;
import org.commissure.models.npy.NpyWriter;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.Parcellation;
import org.commissure.site.cohort.reading.SeriesReading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One folder with the series of several tools, and what a hospital may ask of its patients. */
class MixedFormatsTest {
    private static final int PARCELS = 4;
    private static final int FRAMES = 30;
    private static final CohortRules RULES = new CohortRules(PARCELS, 20);

    @TempDir
    Path folder;

    @Test
    void everyFormatOfOneFolderIsAdmittedBesideTheOthers() throws IOException {
        write("sub-01/func/sub-01_task-rest_timeseries.npy", 1);
        write("sub-02/func/sub-02_task-rest_timeseries.tsv", 2);
        write("C_0000003_rois.1D", 3);
        write("sub-04/ses-1/func/sub-04_ses-1_task-rest_timeseries.csv", 4);
        Files.writeString(folder.resolve("sub-02/func/sub-02_task-rest_events.tsv"), "onset\tduration\n1\t2\n");
        Files.writeString(folder.resolve("sub-02/func/sub-02_task-rest_desc-confounds_timeseries.tsv"), "a\tb\n1\t2\n");
        table("participant_id\trepetition_time", "sub-01\t2", "sub-02\t2", "sub-0000003\t2", "sub-04\t2");
        Admission admission = CohortFolder.read(folder, RULES);
        assertThat(admission.rejected()).isEmpty();
        assertThat(admission.admitted())
                .hasSize(4)
                .allSatisfy(subject -> assertThat(subject.load()).hasSize(PARCELS * FRAMES));
        Subject loose = admission.admitted().getFirst();
        assertThat(loose.participantId()).isEqualTo("sub-0000003");
        assertThat(loose.load()[FRAMES + 1]).isEqualTo(values(3)[FRAMES + 1]);
    }

    @Test
    void theSameSeriesInTwoFormatsIsFound() throws IOException {
        write("sub-01/func/sub-01_timeseries.npy", 1);
        write("sub-02/func/sub-02_timeseries.tsv", 1);
        write("sub-03/func/sub-03_timeseries.tsv", 3);
        table("participant_id\trepetition_time", "sub-01\t2", "sub-02\t2", "sub-03\t2");
        assertThat(reasons(RULES)).isEqualTo(Map.of("sub-01", "duplicate-series", "sub-02", "duplicate-series"));
    }

    @Test
    void sessionsAndRunsOfOnePatientAreOnePatientWithSeveralScans() throws IOException {
        write("sub-01/ses-b/func/sub-01_ses-b_run-1_timeseries.npy", 1);
        write("sub-01/ses-a/func/sub-01_ses-a_run-2_timeseries.npy", 2);
        write("sub-01/ses-a/func/sub-01_ses-a_run-1_timeseries.npy", 3);
        write("sub-02/func/sub-02_timeseries.npy", 4);
        table("participant_id\trepetition_time", "sub-01\t2", "sub-02\t2");
        Admission admission = CohortFolder.read(folder, RULES);
        assertThat(admission.rejected()).isEmpty();
        assertThat(admission.admitted()).hasSize(2);
        Subject patient = admission.admitted().getFirst();
        assertThat(patient.scans())
                .extracting(scan -> scan.file().getFileName().toString())
                .containsExactly(
                        "sub-01_ses-a_run-1_timeseries.npy",
                        "sub-01_ses-a_run-2_timeseries.npy",
                        "sub-01_ses-b_run-1_timeseries.npy");
        assertThat(patient.scan().ofThePatient()).hasSize(3);
        assertThat(patient.scan().ofThePatient().get(2).load()).isEqualTo(values(1));
        assertThat(admission.notes())
                .singleElement()
                .satisfies(note -> assertThat(note.text()).contains("first of 3 scans, which are one contribution"));
        List<Subject> scansOfTheOther = List.of(
                admission.admitted().get(1),
                new Subject("sub-01", patient.scans().subList(0, 2), "sub-01"));
        assertThat(CohortSplit.commitment(
                        new Admission(folder, RULES, admission.variant(), scansOfTheOther, List.of()), new byte[16]))
                .as("the commitment is to every scan")
                .isNotEqualTo(CohortSplit.commitment(admission, new byte[16]));
    }

    @Test
    void aScanThatDoesNotFitIsLeftOutAndThePatientStays() throws IOException {
        write("sub-01/ses-a/func/sub-01_ses-a_timeseries.npy", 1);
        write("sub-01/ses-b/func/sub-01_ses-b_timeseries.npy", 1);
        Path damaged = folder.resolve("sub-01/ses-c/func/sub-01_ses-c_timeseries.npy");
        Files.createDirectories(damaged.getParent());
        Files.writeString(damaged, "no series");
        table("participant_id\trepetition_time", "sub-01\t2");
        Admission admission = CohortFolder.read(folder, RULES);
        assertThat(admission.admitted())
                .singleElement()
                .satisfies(subject -> assertThat(subject.scans()).hasSize(1));
        assertThat(admission.notes())
                .hasSize(2)
                .allSatisfy(note -> assertThat(note.text()).contains("left out, the patient's other scans take part"));
    }

    @Test
    void seriesOfSeveralKindsInOneSessionAreStillRefused() throws IOException {
        write("sub-01/func/sub-01_task-rest_timeseries.npy", 1);
        write("sub-01/func/sub-01_task-movie_timeseries.npy", 2);
        table("participant_id\trepetition_time", "sub-01\t2");
        assertThat(reasons(RULES)).isEqualTo(Map.of("sub-01", "several-series"));
    }

    @Test
    void everyScanOfAPatientIsImported() throws IOException {
        write("in/sub-01/ses-a/func/sub-01_ses-a_timeseries.npy", 1);
        write("in/sub-01/ses-b/func/sub-01_ses-b_timeseries.npy", 2);
        Files.writeString(folder.resolve("in/participants.tsv"), "participant_id\trepetition_time\nsub-01\t2\n");
        Admission admission = CohortFolder.read(folder.resolve("in"), RULES);
        var unused = new CohortImport(
                        admission, SeriesReading.ofParcels(PARCELS), Optional.empty(), OptionalDouble.empty())
                .write(folder.resolve("out"), (id, done) -> {});
        Admission again = CohortFolder.read(folder.resolve("out"), RULES);
        assertThat(again.admitted())
                .singleElement()
                .satisfies(subject -> assertThat(subject.scans())
                        .extracting(ScanSeries::sha256)
                        .containsExactlyElementsOf(admission.admitted().getFirst().scans().stream()
                                .map(ScanSeries::sha256)
                                .toList()));
    }

    @Test
    void whatAHospitalAsksOfItsPatientsIsAskedOfEach() throws IOException {
        for (int i = 1; i <= 7; i++) {
            write("sub-0" + i + "/func/sub-0" + i + "_timeseries.npy", i);
        }
        table(
                "\uFEFFparticipant_id\trepetition_time\tmean_fd\tage\tconsent\r",
                "sub-01\t2.0\t0.1\t31\tyes\r",
                "sub-02\t1.5\t0.1\t31\tyes\r",
                "sub-03\t2.0\t0.9\t31\tyes\r",
                "sub-04\t2.0\tn/a\t31\tyes\r",
                "sub-05\t2.0\t0.1\tabout 30\tyes\r",
                "sub-06\t2.0\t0.1\tNaN\tn/a\r",
                "sub-07\t2.0\t0.1\t31\twithdrawn\r");
        CohortRules rules = rules(new QualityRules(
                OptionalDouble.of(2), OptionalDouble.of(0.3), List.of("repetition_time"), List.of("age")));
        assertThat(reasons(rules))
                .isEqualTo(Map.of(
                        "sub-02", "repetition-time-mismatch",
                        "sub-03", "motion-too-high",
                        "sub-04", "motion-unknown",
                        "sub-05", "phenotype-not-a-number",
                        "sub-06", "phenotype-not-a-number",
                        "sub-07", "consent-missing"));
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> CohortFolder.read(
                        folder,
                        rules(new QualityRules(
                                OptionalDouble.empty(), OptionalDouble.empty(), List.of("iq"), List.of()))))
                .withMessageContaining("no column iq");
    }

    @Test
    void aVolumeWithoutAnAtlasIsRejectedAndWithOneImported() throws IOException {
        Path bold = folder.resolve("in/sub-01/func/sub-01_task-rest_desc-preproc_bold.nii.gz");
        Files.createDirectories(bold.getParent());
        Files.copy(resource("reading/plain_bold.nii.gz"), bold);
        Files.writeString(
                bold.resolveSibling("sub-01_task-rest_desc-confounds_timeseries.tsv"),
                "framewise_displacement\nn/a\n0.1\n0.1\n0.9\n0.1\n0.1\n0.1\n");
        Files.writeString(folder.resolve("in/participants.tsv"), "participant_id\tage\nsub-01\t40\n");
        CohortRules rules = new CohortRules(PARCELS, 5);
        assertThat(CohortFolder.read(folder.resolve("in"), rules).byReason()).isEqualTo(Map.of("atlas-missing", 1));

        SeriesReading reading = new SeriesReading(
                PARCELS, Optional.of(Parcellation.read(resource("reading/atlas_dseg.nii.gz"))), false);
        Admission admission = CohortFolder.read(folder.resolve("in"), rules, reading);
        Path out = folder.resolve("out");
        Admission imported = new CohortImport(admission, reading, Optional.of("A4"), OptionalDouble.of(0.5))
                .write(out, (id, done) -> {});
        assertThat(imported.rejected()).isEmpty();
        assertThat(imported.notes()).extracting(Note::text).containsExactly("1 frames replaced by scrubbing");

        Subject subject = CohortFolder.read(out, rules).admitted().getFirst();
        assertThat(subject.repetitionTimeSeconds()).isEqualTo(2.5); // the header's
        assertThat(subject.series()).hasFileName("sub-01_task-rest_atlas-A4_desc-preproc_timeseries.npy");
        assertThat(subject.load()[3]).isEqualTo(103.25f); // on the line between frames 2 and 4, as it was before
        assertThat(Files.readString(out.resolve("participants.tsv")))
                .isEqualTo("participant_id\tage\trepetition_time\tn_volumes\tn_scrubbed\nsub-01\t40\t2.5\t7\t1\n");
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> new CohortImport(admission, reading, Optional.of("A4"), OptionalDouble.empty())
                        .write(out, (id, done) -> {}))
                .withMessageContaining("exists already");
    }

    @Test
    void whoCannotBeScrubbedIsRejectedAndNothingIsLeftBehind() throws IOException {
        write("in/sub-01/func/sub-01_timeseries.tsv", 1);
        Files.writeString(folder.resolve("in/participants.tsv"), "participant_id\trepetition_time\nsub-01\t2\n");
        Admission admission = CohortFolder.read(folder.resolve("in"), RULES);
        Path out = folder.resolve("out");
        Admission imported = new CohortImport(
                        admission, SeriesReading.ofParcels(PARCELS), Optional.empty(), OptionalDouble.of(0.5))
                .write(out, (id, done) -> {});
        assertThat(imported.byReason()).isEqualTo(Map.of("motion-unknown", 1));
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("in"));
        }
    }

    @Test
    void familiesAreNeverDivided() {
        List<Subject> subjects = java.util.stream.IntStream.range(0, 60)
                .mapToObj(
                        i -> new Subject("sub-" + i, Path.of("x"), PARCELS, FRAMES, 2, "digest" + i, "family " + i / 5))
                .toList();
        Admission admission = new Admission(folder, RULES, new SeriesVariant("", ""), subjects, List.of());
        for (int seed = 0; seed < 20; seed++) {
            byte[] salt = new byte[16];
            new Random(seed).nextBytes(salt);
            SealedSplit split = CohortSplit.seal(admission, seed % 2 == 0 ? 0.3 : 0.001, salt);
            assertThat(split.external()).isNotEmpty();
            assertThat(split.internal()).isNotEmpty();
            assertThat(split.internal().stream().map(Subject::family))
                    .doesNotContainAnyElementsOf(
                            split.external().stream().map(Subject::family).toList());
        }
    }

    private static CohortRules rules(QualityRules quality) {
        return new CohortRules(PARCELS, 20, "", "", quality);
    }

    private Map<String, String> reasons(CohortRules rules) {
        return CohortFolder.read(folder, rules).rejected().stream()
                .collect(Collectors.toMap(
                        Rejection::participantId,
                        rejection -> rejection.reason().code()));
    }

    private void table(String... lines) throws IOException {
        Files.writeString(folder.resolve("participants.tsv"), String.join("\n", lines) + "\n");
    }

    /** In the format that the name says. */
    private void write(String name, int seed) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        float[] values = values(seed);
        if (name.endsWith(".npy")) {
            NpyWriter.write(file, values, PARCELS, FRAMES);
            return;
        }
        String separator = name.endsWith(".csv") ? "," : "\t";
        StringBuilder text = new StringBuilder(name.endsWith(".1D") ? "#1\t#2\t#3\t#4\n" : "");
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int parcel = 0; parcel < PARCELS; parcel++) {
                text.append(parcel == 0 ? "" : separator).append(values[parcel * FRAMES + frame]);
            }
            text.append('\n');
        }
        Files.writeString(file, text.toString());
    }

    private static float[] values(int seed) {
        Random random = new Random(seed);
        float[] values = new float[PARCELS * FRAMES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Path resource(String name) {
        try {
            return Path.of(java.util.Objects.requireNonNull(MixedFormatsTest.class.getResource(name), name)
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(String.format(Locale.ROOT, "no resource %s", name), e);
        }
    }
}
