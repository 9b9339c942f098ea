package org.commissure.deploy.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.TinyFederation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One run of real processes, looked at as an operator does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperationsEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern METRIC = Pattern.compile("\\b(?:commissure|jvm|process)_[a-z0-9_]+");

    private static final Pattern SELECTOR = Pattern.compile("\\b((?:commissure|jvm|process)_[a-z0-9_]+)\\{([^}]*)}");
    /** Job and instance are Prometheus' own. */
    private static final Pattern LABEL = Pattern.compile("(?!job|instance)\\b([a-z]+)\\s*(=~|!=|!~|=)\\s*\"([^\"]*)\"");

    private WatchedFederation federation;

    @BeforeAll
    void runOnce(@TempDir Path folder) {
        federation = new WatchedFederation(folder);
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    @Test
    void everyLineIsJsonAndThoseOfARoundBearItsName() throws IOException {
        for (String log : List.of("coordinator.log", "site-A.log", "site-B.log", "site-C.log", "site-D.log")) {
            List<JsonNode> lines = lines(federation.processes().logs().resolve(log));
            for (JsonNode line : lines) {
                String said = line.get("formattedMessage").asText();
                if (said.matches("run \\S+( round \\d+ \\S+ attempt \\d+)?: .*")) {
                    assertThat(line.at("/mdc/run").asText()).as(said).isEqualTo(WatchedFederation.RUN_ID);
                    assertThat(line.at("/mdc/sum").asText()).as(said).isIn("TRAIN", "EVALUATE");
                    assertThat(said).contains(line.at("/mdc/sum").asText() + " ");
                    assertThat(said)
                            .contains("attempt " + line.at("/mdc/attempt").asText());
                }
            }
            assertThat(lines.stream()
                            .filter(line -> line.at("/mdc/sum").asText().equals("TRAIN")
                                    && line.at("/mdc/round").asText().equals("1"))
                            .map(line -> line.get("threadName").asText()))
                    .as("lines of TRAIN 1 in %s", log)
                    .hasSizeGreaterThan(5)
                    .contains(log.startsWith("site") ? "rounds" : "run");
        }
        assertThat(lines(federation.processes().logs().resolve("site-A.log")))
                .anyMatch(line -> line.at("/mdc/site").asText().equals("A"));
    }

    @Test
    void noLogAndNoMetricHoldsAPatientOrASecret() throws Exception {
        List<String> secrets = new ArrayList<>();
        StringBuilder all = new StringBuilder(federation.coordinatorMetrics());
        for (String site : TinyFederation.SITES) {
            all.append(federation.siteMetrics(site));
            Path cohort = federation.tiny().cohort(site).resolve("participants.tsv");
            Files.readAllLines(cohort).stream().skip(1).forEach(row -> secrets.add(row.split("\t", -1)[0]));
            secrets.addAll(passwords(federation.processes().siteHome(site).resolve("identity")));
        }
        secrets.addAll(passwords(federation.processes().coordinatorHome().resolve("identity")));
        for (Path log : files(federation.processes().logs())) {
            all.append(Files.readString(log));
        }
        assertThat(secrets).hasSize(4 * 16 + 5);
        assertThat(secrets).allSatisfy(secret -> assertThat(all).doesNotContain(secret));
    }

    @Test
    void countersTellWhatHappened() throws Exception {
        String coordinator = federation.coordinatorMetrics();
        assertThat(coordinator)
                .contains("commissure_coordinator_sums_total{outcome=\"released\",sum=\"TRAIN\"} 1.0")
                .contains("commissure_coordinator_runs_total{outcome=\"finished\"} 1.0")
                .contains("commissure_coordinator_sites_connected 4.0");
        // One for each sum; more where an attempt was aborted.
        assertThat(value(coordinator, "commissure_coordinator_phase_duration_seconds_count{phase=\"collecting\"}"))
                .isGreaterThanOrEqualTo(3);
        assertThat(value(coordinator, "commissure_coordinator_upload_bytes_total"))
                .isPositive();
        assertThat(value(coordinator, "commissure_coordinator_download_bytes_total"))
                .isPositive();
        String site = federation.siteMetrics("A");
        assertThat(site)
                .contains("commissure_agent_sums_total{outcome=\"released\",sum=\"TRAIN\"} 1.0")
                .contains("commissure_agent_connected 1.0");
        assertThat(value(site, "commissure_agent_phase_duration_seconds_count{phase=\"training\"}"))
                .isGreaterThanOrEqualTo(3);
        assertThat(value(site, "commissure_agent_upload_bytes_total"))
                .isPositive()
                .isLessThan(value(coordinator, "commissure_coordinator_upload_bytes_total"));
    }

    @Test
    void whatDashboardsAndAlertsNameIsExported() throws Exception {
        Set<String> exported = names(federation.coordinatorMetrics() + federation.siteMetrics("A"));
        Path monitoring = Launcher.find().root().resolve("deploy/monitoring");
        for (Path file : files(monitoring)) {
            Set<String> named = names(Files.readString(file));
            if (!file.endsWith("prometheus.yaml")) {
                assertThat(named).as("metrics in %s", file).hasSizeGreaterThan(5);
            }
            named.removeAll(exported);
            assertThat(named).as("metrics in %s that nothing exports", file).isEmpty();
        }
    }

    /** An alert on a series that nothing exports would never fire. */
    @Test
    void everySeriesThatAnExpressionSelectsByLabelsIsExported() throws Exception {
        List<String> exported = (federation.coordinatorMetrics() + federation.siteMetrics("A"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        int selected = 0;
        for (Path file : files(Launcher.find().root().resolve("deploy/monitoring"))) {
            Matcher selector = SELECTOR.matcher(Files.readString(file).replace("\\\"", "\""));
            while (selector.find()) {
                Matcher label = LABEL.matcher(selector.group(2));
                while (label.find()) {
                    String wanted = label.group(1) + "=\"" + (label.group(2).equals("=") ? label.group(3) + "\"" : "");
                    assertThat(exported)
                            .as("%s in %s", selector.group(), file)
                            .anyMatch(line -> line.startsWith(selector.group(1) + "{") && line.contains(wanted));
                    selected++;
                }
            }
        }
        assertThat(selected).isGreaterThan(4);
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = METRIC.matcher(
                text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n")));
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    private static List<JsonNode> lines(Path log) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** What protects the keys, in the files beside them. */
    private static List<String> passwords(Path identity) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(identity)) {
            if (file.getFileName().toString().contains("password")) {
                found.add(Files.readString(file).strip());
            }
        }
        return found;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
