package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.NoiseShare;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class LedgerCommandTest {
    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final List<UserError> errors = new ArrayList<>();

    @Test
    void itShowsEveryChargeAndTheirTotalAlsoWhileASiteServes() throws Exception {
        try (PrivacyLedger ledger = PrivacyLedger.open(new SiteHome(home).ledger())) {
            charge(ledger, 1);
            charge(ledger, 2);
            assertThat(run("--delta", "1e-5", "--json")).isZero();
        }
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("epsilon").asDouble())
                .isEqualTo(RdpAccountant.epsilon(0.1, 1.1, 40, 1e-5).epsilon());
        assertThat(facts.path("charges")).hasSize(2);
        assertThat(facts.path("charges").path(1).path("round").asInt()).isEqualTo(2);
        assertThat(facts.path("head").asText()).hasSize(64);
    }

    @Test
    void itComposesAllStudiesOnTheCohortAndTellsEachOfThem() throws Exception {
        Charge distributed = new Charge(
                "other",
                1,
                1,
                Charge.DISTRIBUTED,
                0.5,
                1.5,
                0.5,
                1,
                1e-5,
                Instant.parse("2026-11-02T10:00:00Z"),
                Optional.of(new NoiseShare(1024, 3, 500, OptionalDouble.of(8))));
        try (PrivacyLedger ledger = PrivacyLedger.open(new SiteHome(home).ledger())) {
            charge(ledger, 1);
            ledger.charge(distributed);
        }
        assertThat(run("--delta", "1e-5", "--json")).isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("runs")).hasSize(2);
        assertThat(facts.path("runs").path(1).path("run").asText()).isEqualTo("other");
        double first = facts.path("runs").path(0).path("epsilon").asDouble();
        double second = facts.path("runs").path(1).path("epsilon").asDouble();
        assertThat(second).isEqualTo(distributed.alone().epsilon());
        assertThat(facts.path("epsilon").asDouble())
                .isGreaterThan(Math.max(first, second))
                .isLessThan(first + second);
        assertThat(facts.path("charges").path(1).path("noise_sites").asInt()).isEqualTo(3);
        assertThat(facts.path("charges").path(1).path("count_noise_multiplier").asDouble())
                .isEqualTo(8);
    }

    @Test
    void theTextNamesTheTotal() {
        try (PrivacyLedger ledger = PrivacyLedger.open(new SiteHome(home).ledger())) {
            charge(ledger, 1);
        }
        assertThat(run("--delta", "1e-5")).isZero();
        assertThat(out.toString())
                .contains("run abc round 1 attempt 1: 20 steps")
                .contains("1 charge; epsilon at most")
                .contains("head ");
    }

    @Test
    void anAlteredLedgerIsAnError() throws Exception {
        Path file = new SiteHome(home).ledger();
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            charge(ledger, 1);
        }
        Files.writeString(file, Files.readString(file).replace("\"steps\":20", "\"steps\":10"));
        assertThat(run("--delta", "1e-5")).isEqualTo(3);
        assertThat(errors.getFirst()).hasMessageContaining("line 1 of the privacy ledger");
    }

    @Test
    void aFolderThatIsNoSiteIsNotMistakenForAnEmptyLedger() {
        assertThat(run("--delta", "1e-5")).isEqualTo(3);
        assertThat(errors.getFirst()).hasMessageContaining("--home");
    }

    @Test
    void aDeltaOutsideItsRangeIsRefusedByName() throws Exception {
        Files.createFile(new SiteHome(home).ledger());
        assertThat(run("--delta", "1")).isEqualTo(3);
        assertThat(errors.getFirst()).hasMessageContaining("--delta");
    }

    private static void charge(PrivacyLedger ledger, int round) {
        ledger.charge(new Charge(
                "abc", round, 1, Charge.GAUSSIAN, 1, 1.1, 0.1, 20, 1e-5, Instant.parse("2026-11-01T10:00:00Z")));
    }

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--home", home.toString()));
        arguments.addAll(List.of(more));
        return new CommandLine(new LedgerCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    errors.add((UserError) problem);
                    return 3;
                })
                .execute(arguments.toArray(String[]::new));
    }
}
