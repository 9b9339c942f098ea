package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.v1.Fact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred sites at one coordinator, each on its own mutual TLS connection, in one process. */
class LargeFederationTest {
    private static final int SITES = 200;

    @TempDir
    Path folder;

    @Test
    @Timeout(240)
    void invitationsToTwoHundredSitesComplete() throws Exception {
        String[] names =
                IntStream.rangeClosed(1, SITES).mapToObj("site-%03d"::formatted).toArray(String[]::new);
        try (TestFederation federation = new TestFederation(folder, names)) {
            federation.sites.forEach(site -> site.onlyAccepts = true);
            federation.connectAll();
            federation.start(Studies.text(1, 1, 120), new float[TestFederation.PARAMETERS], "run-1");
            // The phase ends by itself, long before its deadline, because everybody has accepted.
            eventually(() -> federation.sites.stream().allMatch(site -> site.seen.contains("SECURE_SUM_CONFIG")));
            RunSummary summary = TestCli.status(federation.home);
            assertThat(summary.phase()).isEqualTo("advertising");
            assertThat(summary.waitingFor()).hasSize(SITES);
            assertThat(parties(federation)).containsExactly(names);
        }
    }

    private static List<String> parties(TestFederation federation) throws Exception {
        return LogReader.read(federation.home.log()).stream()
                .map(LoggedEntry::entry)
                .filter(entry -> entry.getAction().equals("roster.fixed"))
                .flatMap(entry -> entry.getFactList().stream())
                .filter(fact -> fact.getName().equals("parties"))
                .map(Fact::getValue)
                .flatMap(parties -> Arrays.stream(parties.split(" ")))
                .toList();
    }
}
