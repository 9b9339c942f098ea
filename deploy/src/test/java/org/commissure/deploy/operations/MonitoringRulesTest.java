package org.commissure.deploy.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.commissure.deploy.federation.Launcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alert rules and dashboards as Prometheus itself reads them. */
final class MonitoringRulesTest {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path monitoring = Launcher.find().root().resolve("deploy/monitoring");

    @TempDir
    private Path folder;

    @BeforeEach
    void copyTheRules() throws IOException {
        Files.copy(monitoring.resolve("alerts.yaml"), folder.resolve("alerts.yaml"));
    }

    @Test
    void theExampleConfigurationIsOneWithTheseRules() throws Exception {
        Files.copy(monitoring.resolve("prometheus.yaml"), folder.resolve("prometheus.yaml"));
        assertThat(promtool("check", "config", "prometheus.yaml")).contains("rule files found", "rules found");
    }

    @Test
    void alertsFireWhenTheyShallAndOnlyThen() throws Exception {
        try (InputStream cases = MonitoringRulesTest.class.getResourceAsStream("alerts-test.yaml")) {
            Files.copy(Objects.requireNonNull(cases), folder.resolve("alerts-test.yaml"));
        }
        assertThat(promtool("test", "rules", "alerts-test.yaml")).contains("SUCCESS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"coordinator-dashboard.json", "site-dashboard.json"})
    void everyExpressionOfADashboardParses(String name) throws Exception {
        JsonNode dashboard = JSON.readTree(monitoring.resolve(name).toFile());
        // promtool knows expressions as rules only.
        StringBuilder rules = new StringBuilder("groups:\n  - name: panels\n    rules:\n");
        List<String> expressions = new ArrayList<>(dashboard.findValuesAsText("expr"));
        for (int i = 0; i < expressions.size(); i++) {
            rules.append("      - {record: 'panel_%d', expr: %s}\n"
                    .formatted(i, JSON.writeValueAsString(expressions.get(i))));
        }
        Files.writeString(folder.resolve("panels.yaml"), rules);
        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(promtool("check", "rules", "panels.yaml")).contains(expressions.size() + " rules found");
    }

    @Test
    void everyAlertIsExplainedInTheOperationsPage() throws IOException {
        String page = Files.readString(Launcher.find().root().resolve("docs/operations.md"));
        List<String> alerts = Files.readAllLines(monitoring.resolve("alerts.yaml")).stream()
                .filter(line -> line.contains("- alert: "))
                .map(line -> line.replaceFirst(".*- alert: ", "").strip())
                .toList();
        assertThat(alerts)
                .hasSizeGreaterThan(12)
                .allSatisfy(alert -> assertThat(page).contains("| `" + alert + "` |"));
    }

    private String promtool(String... arguments) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(PROMTOOL), "skipped: " + PROMTOOL + " is not here; install the package prometheus");
        List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
