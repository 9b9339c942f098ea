package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.audit.LogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code retention} over the files of real runs, while their coordinator serves. */
@Timeout(120)
class RetentionTest {
    private static final String STUDY =
            Studies.text(3, 2, 60).replace("ring_bits = 32", "ring_bits = 32\nsum_check = true");

    @TempDir
    private Path folder;

    private static List<String> files(Path in) throws IOException {
        try (Stream<Path> listing = Files.list(in)) {
            return listing.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static JsonNode retention(String what, String home, String... more) throws Exception {
        List<String> arguments = Stream.concat(
                        Stream.of("retention", what, "--json", "--home", home, "--older-than", "0"), Stream.of(more))
                .toList();
        return new ObjectMapper().readTree(TestCli.output(arguments.toArray(String[]::new)));
    }

    @Test
    void modelsOfEarlierRoundsGoAndTheReportIsStillVerifiedUntilItsSumsGoToo() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            String home = federation.home.folder().toString();
            federation.connectAll();
            for (String id : List.of("old", "new")) {
                federation.start(STUDY, new float[TestFederation.PARAMETERS], id);
                eventually(() -> Files.exists(federation.home.runs().resolve(id + "/model-card.md")));
            }
            Path old = federation.home.runs().resolve("old");
            String log = federation.home.log().toString();
            assertThat(files(old.resolve("models"))).hasSize(4);
            assertThat(files(old.resolve("evaluations"))).hasSize(1); // every round is scored alike here

            JsonNode recent = new ObjectMapper()
                    .readTree(TestCli.output("retention", "apply", "--json", "--home", home, "--older-than", "1"));
            assertThat(recent.get("runs")).isEmpty();
            JsonNode dry = retention("apply", home, "--keep-rounds", "2", "--dry-run");
            assertThat(dry.get("deleted").asBoolean()).isFalse();
            assertThat(dry.get("runs").findValuesAsText("runId")).containsExactly("new", "old");
            assertThat(dry.at("/runs/1/goes")).hasSize(3); // two models and the sum that its sites checked
            assertThat(dry.at("/runs/0/goes")).hasSize(2);
            assertThat(files(old.resolve("models"))).hasSize(4);

            JsonNode applied = retention("apply", home, "--keep-rounds", "2");
            assertThat(applied.get("goesBytes").asLong())
                    .isEqualTo(dry.get("goesBytes").asLong());
            assertThat(files(old.resolve("models"))).hasSize(2);
            assertThat(files(old.resolve("sums"))).isEmpty();
            assertThat(files(federation.home.runs().resolve("new/sums"))).hasSize(1);
            assertThat(retention("show", home, "--keep-rounds", "2")
                            .get("goesBytes")
                            .asLong())
                    .isZero();
            assertThat(TestCli.run("report", "verify", old.toString(), "--log", log))
                    .isZero();

            assertThat(retention("apply", home, "--evaluation-sums").toString())
                    .contains("'report verify' can no longer recompute");
            assertThat(files(old.resolve("models"))).hasSize(1);
            assertThat(TestCli.run("report", "verify", old.toString(), "--log", log))
                    .isNotZero();
            eventually(() -> LogReader.read(federation.home.log()).stream()
                    .filter(entry -> entry.entry().getAction().equals("retention.applied"))
                    .map(entry -> entry.entry().getRunId())
                    .toList()
                    .equals(List.of("new", "old", "new", "old")));
        }
    }

    @Test
    void aRunThatIsUnderWayKeepsEverything() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            federation.connectAll();
            federation.start(Studies.text(500, 2, 60), new float[TestFederation.PARAMETERS], "long");
            eventually(
                    () -> files(federation.home.runs().resolve("long/models")).size() > 2);
            JsonNode applied =
                    retention("apply", federation.home.folder().toString(), "--keep-rounds", "0", "--evaluation-sums");
            assertThat(applied.get("runs")).isEmpty();
            assertThat(TestCli.run(
                            "run", "cancel", "--home", federation.home.folder().toString()))
                    .isZero();
            eventually(() -> Files.exists(federation.home.runs().resolve("long/model-card.md")));
        }
    }
}
