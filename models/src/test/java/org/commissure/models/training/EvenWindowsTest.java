package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvenWindowsTest {
    @Test
    void windowsAreSpreadEvenlyAndNeverMoreThanFit() {
        assertThat(EvenWindows.starts(100, 20, 3)).containsExactly(0, 40, 80);
        assertThat(EvenWindows.starts(100, 20, 1)).containsExactly(40);
        assertThat(EvenWindows.starts(21, 20, 5)).containsExactly(0, 1);
        assertThat(EvenWindows.starts(20, 20, 5)).containsExactly(0);
    }

    @Test
    void asManyWindowsAsLieSideBySide() throws Exception {
        Scan scan = new SyntheticScan(24, 60, 0.5, 0.5, 1);
        List<float[]> two = EvenWindows.of(SyntheticScan.SMALL, 0, scan, 4);
        assertThat(two).hasSize(2);
        assertThat(two.getFirst()).hasSize(24 * 24).isNotEqualTo(two.getLast());
        assertThat(EvenWindows.of(SyntheticScan.SMALL, 0, scan, 1)).hasSize(1);
    }

    @Test
    void aScanShorterThanAWindowIsNamedByItsPlace() {
        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> EvenWindows.of(SyntheticScan.SMALL, 3, new SyntheticScan(24, 20, 0.5, 0.5, 1), 4))
                .withMessage("scan 3 (counted from 0) has 20 frames, but at least 24 are needed");
    }

    @Test
    void everyScanOfAPatientGivesItsWindows() throws Exception {
        Scan visits = new TwoVisits(
                new SyntheticScan(SyntheticScan.PARCELS, 24, 0.5, 0.5, 1),
                new SyntheticScan(SyntheticScan.PARCELS, 60, 0.5, 0.5, 2));
        List<float[]> windows = EvenWindows.ofPatient(SyntheticScan.SMALL, 0, visits, 4);
        assertThat(windows).hasSize(1 + 2);
        assertThat(windows.getFirst())
                .containsExactly(
                        EvenWindows.of(SyntheticScan.SMALL, 0, visits, 4).getFirst());
    }
}
