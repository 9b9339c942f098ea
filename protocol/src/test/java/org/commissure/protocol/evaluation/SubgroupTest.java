package org.commissure.protocol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubgroupTest {
    @Test
    void bandsBeginAtTheirFirstYear() {
        assertThat(Subgroup.ofAge(11.99)).contains(Subgroup.AGE_BELOW_12);
        assertThat(Subgroup.ofAge(12)).contains(Subgroup.AGE_12_TO_17);
        assertThat(Subgroup.ofAge(49.9)).contains(Subgroup.AGE_30_TO_49);
        assertThat(Subgroup.ofAge(93)).contains(Subgroup.AGE_FROM_70);
        assertThat(Subgroup.ofAge(Double.NaN)).isEmpty();
        assertThat(Subgroup.ofAge(-1)).isEmpty();
        assertThat(Subgroup.ofMotion(0.2)).contains(Subgroup.MOTION_HIGH);
        assertThat(Subgroup.ofMotion(0.19)).contains(Subgroup.MOTION_LOW);
        assertThat(Subgroup.ofFieldStrength(1.5)).contains(Subgroup.FIELD_BELOW_2_TESLA);
        assertThat(Subgroup.ofFieldStrength(3)).contains(Subgroup.FIELD_2_TO_4_TESLA);
        assertThat(Subgroup.ofFieldStrength(7)).contains(Subgroup.FIELD_ABOVE_4_TESLA);
        assertThat(Subgroup.ofFieldStrength(0)).isEmpty();
    }

    @Test
    void aSmallSubgroupCannotBeFoundByTakingTheOthersFromTheTotal() {
        ReportableSubgroups groups = ReportableSubgroups.of(
                patients(5, Subgroup.AGE_BELOW_12, 11, Subgroup.AGE_12_TO_17, 30, Subgroup.AGE_18_TO_29));
        assertThat(groups.reported()).containsExactly(Subgroup.AGE_18_TO_29);
        assertThat(groups.leftOut()).containsExactlyInAnyOrder(Subgroup.AGE_BELOW_12, Subgroup.AGE_12_TO_17);
    }

    @Test
    void patientsOfUnknownSubgroupAreHiddenTheSameWay() {
        List<Set<Subgroup>> patients = new ArrayList<>(patients(20, Subgroup.FEMALE, 15, Subgroup.MALE));
        assertThat(ReportableSubgroups.of(patients).leftOut()).isEmpty();
        patients.add(Set.of());
        assertThat(ReportableSubgroups.of(patients).reported()).containsExactly(Subgroup.FEMALE);
    }

    private static List<Set<Subgroup>> patients(Object... countsAndGroups) {
        List<Set<Subgroup>> patients = new ArrayList<>();
        for (int i = 0; i < countsAndGroups.length; i += 2) {
            for (int n = 0; n < (int) countsAndGroups[i]; n++) {
                patients.add(Set.of((Subgroup) countsAndGroups[i + 1]));
            }
        }
        return patients;
    }
}
