package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns from {@code phenotype/}: which count, and what is wrong with them. */
final class PhenotypeTablesTest {
    private @TempDir Path generated;
    private Path folder;

    @BeforeEach
    void generate() throws IOException {
        new SyntheticCohort(List.of("A"), 4, 8, 60, 1).write(generated);
        folder = generated.resolve("site-A");
        Files.createDirectories(folder.resolve("phenotype"));
    }

    private void table(String tool, String text) throws IOException {
        Files.writeString(folder.resolve("phenotype").resolve(tool + ".tsv"), text, StandardCharsets.UTF_8);
    }

    private Admission admission(String numeric) {
        return CohortFolder.read(
                folder,
                new CohortRules(
                        8,
                        40,
                        CohortRules.DEFAULT_ATLAS,
                        CohortRules.DEFAULT_DESCRIPTION,
                        new QualityRules(
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                List.of(),
                                List.of(numeric),
                                Map.of(),
                                List.of())));
    }

    @Test
    void aColumnOfAToolIsAddedByParticipantWithByteOrderMarkAndWindowsLineEnds() throws IOException {
        table(
                "phq9",
                "\uFEFFparticipant_id\tphq\r\nsub-A0002\t7\r\nsub-A0001\t3.5\r\nsub-A0003\tn/a\r\nsub-A0099\t1\r\n");
        Admission admission = admission("phq");
        assertThat(admission.admitted())
                .extracting(subject -> subject.participantId() + " " + subject.phenotype())
                .containsExactly("sub-A0001 {phq=3.5}", "sub-A0002 {phq=7}");
        assertThat(admission.rejected())
                .extracting(Rejection::participantId, Rejection::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("sub-A0003", RejectionReason.PHENOTYPE_MISSING),
                        org.assertj.core.groups.Tuple.tuple("sub-A0004", RejectionReason.PHENOTYPE_MISSING));
        assertThat(admission("phq9.phq").admitted()).hasSize(2);
        assertThat(Participants.column(folder, "phq")).isEqualTo(Map.of("sub-A0001", "3.5", "sub-A0002", "7"));
    }

    @Test
    void textInANumericColumnIsARejectionWithThatReason() throws IOException {
        table("phq9", "participant_id\tphq\nsub-A0001\tseven\nsub-A0002\t2\n");
        assertThat(admission("phq").rejected())
                .filteredOn(rejection -> rejection.participantId().equals("sub-A0001"))
                .singleElement()
                .extracting(Rejection::reason)
                .isEqualTo(RejectionReason.PHENOTYPE_NOT_A_NUMBER);
    }

    @Test
    void ofSeveralSessionsTheFirstByNameCounts() throws IOException {
        table(
                "phq9",
                "participant_id\tsession_id\tphq\nsub-A0001\tses-02\t9\nsub-A0001\tses-01\t4\nsub-A0002\tses-02\t5\n");
        assertThat(Participants.column(folder, "phq")).isEqualTo(Map.of("sub-A0001", "4", "sub-A0002", "5"));
    }

    @Test
    void aParticipantWithTwoRowsForASessionIsRejectedAndTheTableNamed() throws IOException {
        table("phq9", "participant_id\tphq\nsub-A0001\t3\nsub-A0001\t4\nsub-A0002\t5\n");
        assertThat(admission("phq").rejected())
                .filteredOn(rejection -> rejection.reason() == RejectionReason.DUPLICATE_PARTICIPANT)
                .singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.participantId()).isEqualTo("sub-A0001");
                    assertThat(rejection.file()).isEqualTo("phenotype/phq9.tsv");
                });
    }

    @Test
    void aNameThatTwoTablesHaveNeedsTheTool() throws IOException {
        table("phq9", "participant_id\ttotal\tage\nsub-A0001\t3\t99\n");
        table("gad7", "participant_id\ttotal\nsub-A0001\t8\n");
        assertThat(Participants.column(folder, "phq9.total")).isEqualTo(Map.of("sub-A0001", "3"));
        assertThat(Participants.column(folder, "gad7.total")).isEqualTo(Map.of("sub-A0001", "8"));
        assertThat(Participants.column(folder, "age").get("sub-A0001")).isNotEqualTo("99");
        assertThatThrownBy(() -> admission("total"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no column total, and no table in phenotype/")
                .satisfies(problem -> assertThat(((UserError) problem).remedy()).contains("phq9.total"));
    }

    @Test
    void whatIsNoTableOrNoDescriptionIsNamed() throws IOException {
        table("phq9", "id\tphq\nsub-A0001\t3\n");
        assertThatThrownBy(() -> admission("age"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("phq9.tsv has no column participant_id");
        table("phq9", "participant_id\tphq\nsub-A0001\t3\t4\n");
        assertThatThrownBy(() -> admission("age"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("phq9.tsv line 2 has 3 columns");
        table("phq9", "participant_id\tphq\nsub-A0001\t3\n");
        Files.writeString(folder.resolve("phenotype/phq9.json"), "{\"phq\": ");
        assertThatThrownBy(() -> admission("age"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("phq9.json is not JSON");
        Files.writeString(folder.resolve("phenotype/phq9.json"), "{\"phq\": {\"Description\": \"sum\"}}");
        assertThat(admission("age").admitted()).hasSize(4);
    }
}
