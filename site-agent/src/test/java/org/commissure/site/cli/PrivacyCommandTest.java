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
    @CsvSource({"--mechanism, laplace, gaussian", "--accountant, pld, rdp", "--orders, some, 'all, integer'"})
    void whatIsNotSupportedIsRefusedWithTheListOfWhatIs(String option, String value, String supported) {
        assertThat(epsilon("0.1", "1", "1", "1e-5", option, value)).isNotZero();
        assertThat(errors.getFirst()).hasMessage(option + " '" + value + "' is not supported");
        assertThat(errors.getFirst().remedy()).endsWith(": " + supported);
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
        return new CommandLine(new PrivacyCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    errors.add((UserError) problem);
                    return 3;
                })
                .execute(arguments.toArray(String[]::new));
    }
}
