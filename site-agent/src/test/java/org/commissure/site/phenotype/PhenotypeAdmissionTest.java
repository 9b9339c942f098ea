package org.commissure.site.phenotype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.Rejection;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad phenotypes: who is left out and why. */
final class PhenotypeAdmissionTest {
    private static final Study STUDY =
            InOneProcess.study("column = \"age\"\ntype = \"regression\"", "scaling = \"none\"\nmethod = \"none\"");

    private @TempDir Path folder;

    @BeforeEach
    void generate() {
        InOneProcess.generate(folder, 9);
    }

    /** Changes the cells of one patient of site A. */
    private void change(int patient, UnaryOperator<String> row) throws IOException {
        Path table = folder.resolve("site-A/participants.tsv");
        List<String> lines = new java.util.ArrayList<>(Files.readAllLines(table));
        lines.set(patient, row.apply(lines.get(patient)));
        Files.writeString(table, String.join("\n", lines) + "\n");
    }

    private static UnaryOperator<String> cell(int column, String value) {
        return line -> {
            String[] cells = line.split("\t");
            cells[column] = value;
            return String.join("\t", cells);
        };
    }

    @Test
    void unusablePhenotypesAreLeftOutWithTheReason() throws IOException {
        change(1, cell(2, "n/a"));
        change(2, cell(2, "NaN"));
        change(3, cell(2, "thirty"));
        change(4, cell(3, "n/a"));
        change(5, cell(3, "female"));
        change(6, cell(2, "1e999"));
        Map<String, RejectionReason> reasons = InOneProcess.admission(folder, "A", STUDY).rejected().stream()
                .collect(Collectors.toMap(Rejection::participantId, Rejection::reason));
        assertThat(reasons)
                .containsEntry("sub-A0001", RejectionReason.PHENOTYPE_MISSING)
                .containsEntry("sub-A0002", RejectionReason.PHENOTYPE_NOT_A_NUMBER)
                .containsEntry("sub-A0003", RejectionReason.PHENOTYPE_NOT_A_NUMBER)
                .containsEntry("sub-A0004", RejectionReason.PHENOTYPE_MISSING)
                .containsEntry("sub-A0005", RejectionReason.PHENOTYPE_OTHER_CLASS)
                .containsEntry("sub-A0006", RejectionReason.PHENOTYPE_NOT_A_NUMBER)
                .hasSize(6);
    }

    @Test
    void aByteOrderMarkAndWindowsLineEndsAreNoMatter() throws IOException {
        Path table = folder.resolve("site-A/participants.tsv");
        Files.writeString(table, "\uFEFF" + Files.readString(table).replace("\n", "\r\n"), StandardCharsets.UTF_8);
        assertThat(InOneProcess.admission(folder, "A", STUDY).admitted()).hasSize(9);
    }

    @Test
    void aMissingColumnIsNamed() throws IOException {
        Path table = folder.resolve("site-A/participants.tsv");
        Files.writeString(table, Files.readString(table).replaceFirst("\tage\t", "\tyears\t"));
        assertThat(CohortFolder.missingColumn(folder.resolve("site-A"), CohortRules.of(STUDY)))
                .isEqualTo(Optional.of("age"));
        assertThatThrownBy(() -> InOneProcess.admission(folder, "A", STUDY))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has no column age");
    }

    @Test
    void aSiteWithTooFewPatientsSaysWhatTheCommonestProblemIs() throws IOException {
        for (int patient = 1; patient <= 6; patient++) {
            change(patient, cell(2, "n/a"));
        }
        Admission admission = InOneProcess.admission(folder, "A", STUDY);
        SealedSplit split = CohortSplit.seal(admission, 0.3, new byte[16]);
        assertThat(PhenotypeCohort.problem(split, STUDY.phenotype().orElseThrow(), admission.commonestRejection()))
                .hasValueSatisfying(problem -> assertThat(problem).contains("too few patients", "phenotype-missing"));
    }

    @Test
    void thePhenotypesAreSealedWithTheSeries() throws IOException {
        SealedSplit before = CohortSplit.seal(InOneProcess.admission(folder, "A", STUDY), 0.3, new byte[16]);
        for (int patient = 1; patient <= 9; patient++) {
            change(patient, cell(2, "33.0"));
        }
        SealedSplit after = CohortSplit.seal(InOneProcess.admission(folder, "A", STUDY), 0.3, new byte[16]);
        assertThat(after.externalSha256()).isNotEqualTo(before.externalSha256());
    }
}
