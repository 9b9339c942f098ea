package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.commissure.protocol.evaluation.Subgroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CohortSubgroupsTest {
    @TempDir
    private Path folder;

    @Test
    void aPatientIsInWhatTheTableSaysAndNothingIsGuessedAt() throws IOException {
        Files.writeString(folder.resolve("participants.tsv"), """
                participant_id\tsex\tage\tmean_fd\tfield_strength
                sub-1\tF\t11.5\t0.05\t3
                sub-2\tmale\t70\t0.31\t1.5
                sub-3\t2\told\tn/a\tn/a
                """);
        Map<String, Set<Subgroup>> subgroups = CohortSubgroups.of(
                folder,
                Stream.of("sub-1", "sub-2", "sub-3", "sub-4")
                        .map(id -> new Subject(id, folder.resolve(id + ".npy"), 4, 20, 2, "00"))
                        .toList());
        assertThat(subgroups.get("sub-1"))
                .containsExactlyInAnyOrder(
                        Subgroup.FEMALE, Subgroup.AGE_BELOW_12, Subgroup.MOTION_LOW, Subgroup.FIELD_2_TO_4_TESLA);
        assertThat(subgroups.get("sub-2"))
                .containsExactlyInAnyOrder(
                        Subgroup.MALE, Subgroup.AGE_FROM_70, Subgroup.MOTION_HIGH, Subgroup.FIELD_BELOW_2_TESLA);
        assertThat(subgroups.get("sub-3")).isEmpty();
        assertThat(subgroups).doesNotContainKey("sub-4");
        assertThat(CohortSubgroups.of(folder, List.of())).isEmpty();
    }
}
