package org.commissure.models.multisite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatientFoldsTest {
    private static final float[] ROW = {0.1f};

    @Test
    void bothClassesAreInEveryFoldInProportion() {
        List<ConnectivityPatient> patients = new ArrayList<>();
        for (int i = 0; i < 35; i++) {
            patients.add(patient("p" + i, i < 20 ? 0 : 1));
        }
        int[] fold = PatientFolds.of(new ConnectivitySite("A", patients), 5, 9);
        for (int f = 0; f < 5; f++) {
            for (int label = 0; label < 2; label++) {
                int members = 0;
                for (int i = 0; i < 35; i++) {
                    members += fold[i] == f && patients.get(i).label() == label ? 1 : 0;
                }
                assertThat(members).isEqualTo(label == 0 ? 4 : 3);
            }
        }
    }

    @Test
    void aFamilyIsNeverInTwoFolds() {
        List<ConnectivityPatient> patients = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            patients.add(patient("family" + i / 3, i % 2)); // families of mixed class
        }
        for (long seed = 0; seed < 20; seed++) {
            int[] fold = PatientFolds.of(new ConnectivitySite("A", patients), 5, seed);
            Map<String, Integer> of = new HashMap<>();
            for (int i = 0; i < fold.length; i++) {
                Integer earlier = of.put(patients.get(i).family(), fold[i]);
                assertThat(earlier == null || earlier == fold[i])
                        .as("seed " + seed)
                        .isTrue();
            }
        }
    }

    @Test
    void aClassOfOneMemberIsRefusedWithTheSitesName() {
        List<ConnectivityPatient> patients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            patients.add(patient("p" + i, i == 0 ? 1 : 0));
        }
        assertThatThrownBy(() -> PatientFolds.of(new ConnectivitySite("YALE", patients), 5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("YALE", "1 patients of class 1", "5 folds");
    }

    private static ConnectivityPatient patient(String family, int label) {
        return new ConnectivityPatient(family, label, new float[][] {ROW}, ROW);
    }
}
