package org.commissure.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.dp.NoisedCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedPatientsTest {
    @TempDir
    private Path folder;

    @Test
    void theLastWordOfEachSiteCountsAndOlderAgentsWordsStayWords() {
        ReportFixture fixture = new ReportFixture(folder);
        String site = ReportFixture.SITES.getFirst();
        String older = ReportFixture.SITES.getLast();
        fixture.append(site, new NoisedCount(40, 0.5).state(fixture.entry(site, Actions.COHORT_SEALED, 0)));
        fixture.append(site, new NoisedCount(120, 0.5).state(fixture.entry(site, Actions.COHORT_SEALED, 0)));
        fixture.append(older, fixture.entry(older, Actions.COHORT_SEALED, 0).fact("patients", "at least 60"));
        fixture.writeLog();
        assertThat(SealedPatients.bySite(fixture.log()))
                .containsOnlyKeys(site, older)
                .containsEntry(site, new SealedPatients("about 120 ± 6", 120L, 6L, 0.5))
                .containsEntry(older, new SealedPatients("at least 60", null, null, null));
    }

    @Test
    void beforeTheFirstEntryNobodyHasSaidAnything() {
        assertThat(SealedPatients.bySite(folder.resolve("log"))).isEmpty();
    }
}
