package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class PrivacyCommandTest {
    private final StringWriter out = new StringWriter();
    private final List<UserError> errors = new ArrayList<>();

    @Test
    void theJsonHoldsTheUpperBoundAndWhatItIsFor() throws Exception {
        assertThat(epsilon("0.05", "1.2", "1000", "1e-5", "--json")).isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("epsilon").asDouble())
                .isEqualTo(RdpAccountant.epsilon(0.05, 1.2, 1000, 1e-5).epsilon());
        assertThat(facts.path("order").asDouble()).isGreaterThan(1);
        assertThat(facts.path("accountant").asText()).isEqualTo("rdp");
        assertThat(facts.path("mechanism").asText()).isEqualTo("gaussian");
        assertThat(facts.path("steps").asLong()).isEqualTo(1000);
    }

    /** P007 of Google's dp_accounting table: the two sets of orders differ in the third digit. */
    @Test
    void integerOrdersAloneCanBeAskedFor() throws Exception {
        assertThat(epsilon("0.1", "10", "50000", "1e-9", "--json", "--orders", "integer"))
                .isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("epsilon").asDouble()).isCloseTo(16.225901865562623, within(1e-8));
        assertThat(facts.path("order").asDouble()).isEqualTo(4);
    }

    @Test
    void theTextRoundsUp() {
        assertThat(epsilon("1", "5", "50", "1e-5", "--orders", "integer")).isZero();
        assertThat(out.toString()).contains("epsilon at most 7.0879 at delta 1.0E-5"); // 7.08786…
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1e-5, --sampling-rate",
        "1.01, 1, 1, 1e-5, --sampling-rate",
        "NaN, 1, 1, 1e-5, --sampling-rate",
        "0.1, 0, 1, 1e-5, --noise-multiplier",
        "0.1, Infinity, 1, 1e-5, --noise-multiplier",
        "0.1, 1, 0, 1e-5, --steps",
        "0.1, 1, 1, 0, --delta",
        "0.1, 1, 1, 1, --delta"
    })
    void aValueOutsideItsRangeIsRefusedByOptionName(
            String rate, String noise, String steps, String delta, String option) {
        assertThat(epsilon(rate, noise, steps, delta)).isNotZero();
        assertThat(errors.getFirst()).hasMessageStartingWith(option);
        assertThat(errors.getFirst().remedy()).contains(option + " must be");
    }

    @ParameterizedTest
    @CsvSource({
        "--mechanism, laplace, 'gaussian, discrete-gaussian'",
        "--accountant, moments, 'rdp, pld'",
        "--relation, swap, 'add-remove, replace-one'",
        "--orders, some, 'all, integer'"
    })
    void whatIsNotSupportedIsRefusedWithTheListOfWhatIs(String option, String value, String supported) {
        assertThat(epsilon("0.1", "1", "1", "1e-5", option, value)).isNotZero();
        assertThat(errors.getFirst()).hasMessage(option + " '" + value + "' is not supported");
        assertThat(errors.getFirst().remedy()).endsWith(": " + supported);
    }

    /** P051 and P061 of Google's dp_accounting table. */
    @Test
    void theLossAccountantTheRelationAndTheDiscreteGaussianCanBeAskedFor() throws Exception {
        assertThat(epsilon("0.05", "1", "200", "1e-5", "--accountant", "pld", "--relation", "replace-one", "--json"))
                .isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("epsilon").asDouble()).isCloseTo(7.1069839812382805, within(1e-3));
        assertThat(facts.path("error").asDouble()).isBetween(1e-9, 0.01);
        assertThat(facts.path("relation").asText()).isEqualTo("replace-one");
        assertThat(facts.path("accountant").asText()).isEqualTo("pld");

        out.getBuffer().setLength(0);
        assertThat(epsilon("1", "3", "20", "1e-6", "--mechanism", "discrete-gaussian", "--accountant", "pld", "--json"))
                .isZero();
        facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("epsilon").asDouble()).isCloseTo(7.751438393165608, within(7.7e-3));
        assertThat(facts.path("party_sigma").asDouble()).isEqualTo(3);
    }

    /** P067: 32 parties of sigma 1 in ten dimensions; our orders include 2.9, the reference's do not. */
    @Test
    void aSumOfSeveralPartiesTakesItsSizes() throws Exception {
        String multiplier = Double.toString(Math.sqrt(32) / 3);
        List<String> sizes = List.of("--dimension", "10", "--l2-sensitivity", "3", "--parties", "32", "--json");
        List<String> options = new ArrayList<>(List.of("--mechanism", "discrete-gaussian", "--orders", "integer"));
        options.addAll(sizes);
        assertThat(epsilon("1", multiplier, "20", "1e-5", options.toArray(String[]::new)))
                .isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("epsilon").asDouble()).isCloseTo(13.291329780258792, within(1e-8));
        assertThat(facts.path("l1_sensitivity").asDouble()).isEqualTo(9);
    }

    @Test
    void whatTheLossAccountantCannotDoNamesTheOneThatCan() {
        assertThat(epsilon(
                        "1",
                        "3",
                        "20",
                        "1e-6",
                        "--mechanism",
                        "discrete-gaussian",
                        "--parties",
                        "3",
                        "--accountant",
                        "pld"))
                .isNotZero();
        assertThat(errors.getFirst()).hasMessageContaining("pld accountant");
        assertThat(errors.getFirst().remedy()).contains("--accountant rdp");
    }

    @Test
    void anAuditSaysClaimedMeasuredAndWhetherViolatedAndNeverSafe() {
        assertThat(run(
                        "audit",
                        "--claimed-epsilon",
                        "8",
                        "--canaries",
                        "1000",
                        "--guesses",
                        "200",
                        "--correct",
                        "190",
                        "--delta",
                        "1e-5"))
                .isZero();
        assertThat(out.toString()).startsWith("claimed <= 8.0, measured >= 2.3936: not violated");
        assertThat(out.toString()).doesNotContain("safe");
        out.getBuffer().setLength(0);
        assertThat(run(
                        "audit",
                        "--claimed-epsilon",
                        "2",
                        "--canaries",
                        "1000",
                        "--guesses",
                        "200",
                        "--correct",
                        "190",
                        "--delta",
                        "1e-5"))
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("claimed <= 2.0, measured >= 2.3936: violated");
    }

    @Test
    void impossibleCountsOfAnAuditAreRefused() {
        assertThat(run(
                        "audit",
                        "--claimed-epsilon",
                        "2",
                        "--canaries",
                        "10",
                        "--guesses",
                        "20",
                        "--correct",
                        "1",
                        "--delta",
                        "0"))
                .isNotZero();
        assertThat(errors.getFirst()).hasMessageContaining("guesses");
    }

    @Test
    void aPlanSaysWhichModeIsFeasible() throws Exception {
        assertThat(run(
                        "plan",
                        "--cohort-sizes",
                        "500,500,500,500,500,500,500,500,500,500",
                        "--epsilon",
                        "8",
                        "--delta",
                        "1e-5",
                        "--rounds",
                        "200",
                        "--local-steps",
                        "10",
                        "--json"))
                .isZero();
        JsonNode modes = new ObjectMapper().readTree(out.toString()).path("modes");
        assertThat(modes.path(0).path("mode").asText()).isEqualTo("local");
        assertThat(modes.path(0).path("feasible").asBoolean()).isFalse();
        assertThat(modes.path(1).path("mode").asText()).isEqualTo("distributed");
        assertThat(modes.path(1).path("feasible").asBoolean()).isTrue();
        assertThat(modes.path(1).path("epsilon").asDouble()).isBetween(7.9, 8.0);
    }

    @Test
    void aPlanSaysWhenNothingIsFeasible() {
        assertThat(run(
                        "plan",
                        "--cohort-sizes",
                        "500",
                        "--epsilon",
                        "8",
                        "--delta",
                        "1e-5",
                        "--rounds",
                        "200",
                        "--local-steps",
                        "10"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("no mode is feasible", "at a site of 500 patients")
                .doesNotContain("safe");
    }

    @Test
    void theBenchmarkMeasuresNoiseAndAccounting() throws Exception {
        assertThat(new CommandLine(new BenchPrivacy())
                        .setOut(new PrintWriter(out))
                        .execute("--samples", "1000", "--repetitions", "2", "--json"))
                .isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        for (String fact : List.of("discrete_gaussian_ns", "gaussian_ns", "pld_100000_steps_ms")) {
            assertThat(facts.path(fact).asDouble()).as(fact).isPositive();
        }
    }

    @Test
    void aMissingOptionIsAUsageError() {
        assertThat(new CommandLine(new PrivacyCommand())
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute("epsilon", "--steps", "1"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }

    private int epsilon(String rate, String noise, String steps, String delta, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "epsilon", "--sampling-rate", rate, "--noise-multiplier", noise, "--steps", steps, "--delta", delta));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return new CommandLine(new PrivacyCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    errors.add((UserError) problem);
                    return 3;
                })
                .execute(arguments);
    }
}
