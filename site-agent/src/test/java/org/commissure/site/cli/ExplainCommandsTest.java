package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.site.cli.CommandResult.siteModel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks, attribution and the future on two small synthetic hospitals. */
class ExplainCommandsTest {
    private static final int PARCELS = 24;

    @TempDir
    private static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeUpHospitalsAndTrain() throws IOException {
        new SyntheticCohort(List.of("A", "B"), 20, PARCELS, 60, 5).write(shared.resolve("data"));
        List<String> rows = new ArrayList<>(Files.readAllLines(shared.resolve("data/atlas.tsv")));
        StringBuilder atlas = new StringBuilder(rows.getFirst()).append("\tyeo7\n");
        for (int p = 1; p <= PARCELS; p++) {
            double x = Double.parseDouble(rows.get(p).split("\t")[1]);
            // Three bands from left to right, and two parcels of none.
            int network = p <= 2 ? 0 : x < -15 ? 1 : x > 15 ? 7 : 4;
            atlas.append(rows.get(p)).append('\t').append(network).append('\n');
        }
        Files.writeString(shared.resolve("atlas.tsv"), atlas);
        CommandResult trained = siteModel(
                "train",
                "--cohort",
                shared.resolve("data").toString(),
                "--coordinates",
                shared.resolve("atlas.tsv").toString(),
                "--out",
                model(),
                "--window",
                "40",
                "--patch",
                "10",
                "--steps",
                "40",
                "--batch",
                "8",
                "--learning-rate",
                "0.003",
                "--threads",
                "1");
        assertThat(trained.code()).as(trained.text()).isZero();
    }

    private static String model() {
        return shared.resolve("model").toString();
    }

    private static CommandResult run(String command, String model, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                command, "--model", model, "--cohort", shared.resolve("data").toString(), "--threads", "1"));
        arguments.addAll(List.of(options));
        return siteModel(arguments.toArray(String[]::new));
    }

    private static String atlas() {
        return shared.resolve("atlas.tsv").toString();
    }

    @Test
    void networksAreToldFromAttentionBesideConnectivityPlacesAndTheMajority() throws IOException {
        Path svg = folder.resolve("networks.svg");
        CommandResult result =
                run("networks", model(), "--atlas", atlas(), "--neighbours", "3", "--svg", svg.toString(), "--json");
        assertThat(result.code()).as(result.text()).isZero();
        JsonNode facts = result.json();
        assertThat(facts.get("layer").asInt()).isEqualTo(1);
        assertThat(facts.get("parcels").asInt()).isEqualTo(22);
        assertThat(facts.get("unlabelledParcels").asInt()).isEqualTo(2);
        List<String> names = new ArrayList<>();
        for (JsonNode method : facts.get("methods")) {
            names.add(method.get("method").asText());
            JsonNode accuracy = method.get("accuracy");
            assertThat(accuracy.get("estimate").asDouble())
                    .isBetween(
                            accuracy.get("low").asDouble(), accuracy.get("high").asDouble());
        }
        assertThat(names)
                .containsExactly(
                        "attention",
                        "attention before training",
                        "connectivity profile",
                        "GCN-smoothed connectivity, 1 step",
                        "GCN-smoothed connectivity, 2 steps",
                        "place alone",
                        "majority");
        // Bands in space: whoever is near is of the same band, most often.
        assertThat(facts.get("methods").get(5).get("accuracy").get("estimate").asDouble())
                .isGreaterThan(facts.get("methods")
                        .get(6)
                        .get("accuracy")
                        .get("estimate")
                        .asDouble());
        assertThat(Files.readString(svg)).contains("attention before training", "</svg>");
        assertThat(run("networks", model(), "--atlas", atlas()).text())
                .contains("networks of 22 parcels (2 belong to none)", "minus attention");
    }

    @Test
    void reconstructionAndAHeadAreAttributedWithTheirChecks() throws IOException {
        Path out = folder.resolve("map");
        CommandResult result = run(
                "attribute",
                model(),
                "--atlas",
                atlas(),
                "--held-out",
                "--smooth",
                "4",
                "--out",
                out.toString(),
                "--json");
        JsonNode facts = result.json();
        checkChecks(result, facts);
        double sum = 0;
        for (JsonNode network : facts.get("integratedGradientsSigned")) {
            sum += network.get("value").get("estimate").asDouble();
        }
        double difference = facts.get("meanDifference").asDouble();
        assertThat(sum).isBetween(difference - 0.1 * Math.abs(difference), difference + 0.1 * Math.abs(difference));
        assertThat(facts.get("integratedGradients")).hasSize(4);
        assertThat(Files.readAllLines(out.resolve("parcels.tsv")))
                .hasSize(PARCELS + 1)
                .first()
                .asString()
                .startsWith("index\tname\tnetwork\tintegrated_gradients")
                .contains("smoothgrad", "attention_received", "shuffled_weights");
        assertThat(out).isDirectoryContaining("glob:**/attribution.json");
        assertThat(Files.readString(out.resolve("networks.svg"))).contains("attention received: Default");
        Path head = folder.resolve("sex");
        CommandResult tuned = run(
                "finetune",
                model(),
                "--target",
                "sex",
                "--task",
                "classification",
                "--epochs",
                "5",
                "--out",
                head.toString());
        assertThat(tuned.code()).as(tuned.text()).isZero();
        CommandResult ofHead = run(
                "attribute",
                head.toString(),
                "--atlas",
                atlas(),
                "--class",
                "F",
                "--smooth",
                "0",
                "--out",
                folder.resolve("sex-map").toString(),
                "--json");
        checkChecks(ofHead, ofHead.json());
        assertThat(ofHead.json().get("target").asText()).isEqualTo("the head's log odds that sex is F");
        assertThat(ofHead.json().has("smoothGrad")).isFalse();
    }

    /** The exit status says what the checks found. */
    private static void checkChecks(CommandResult result, JsonNode facts) {
        JsonNode completeness = facts.get("completeness");
        boolean sound = completeness.get("windowsBeyondTolerance").asInt() == 0
                && Math.abs(facts.get("shuffledWeightsRankCorrelation").asDouble()) < 0.5;
        assertThat(facts.get("sound").asBoolean()).isEqualTo(sound);
        assertThat(result.code()).as(result.text()).isEqualTo(sound ? 0 : 1);
        assertThat(completeness.get("windowsBeyondTolerance").asInt()).isZero();
        assertThat(completeness.get("largestRelativeError").asDouble()).isLessThan(0.05);
    }

    @Test
    void theFutureIsScoredBesideEverythingItHasToBeat() throws IOException {
        Path out = folder.resolve("future");
        CommandResult result = run(
                "future",
                model(),
                "--horizon",
                "10",
                "--lstm-steps",
                "2",
                "--ode-steps",
                "20",
                "--out",
                out.toString(),
                "--json");
        assertThat(result.code()).as(result.text()).isZero();
        JsonNode methods = result.json().get("methods");
        assertThat(methods).hasSize(6);
        assertThat(methods.get(0).get("r2ByStep")).hasSize(10);
        assertThat(result.json().get("patients").asInt()
                        + result.json().get("trainingPatients").asInt())
                .isEqualTo(40);
        List<String> table = Files.readAllLines(out.resolve("future.tsv"));
        assertThat(table).hasSize(61);
        double first = methods.get(4).get("r2ByStep").get(0).get("estimate").asDouble();
        assertThat(table.get(41)).startsWith("AR(1)\t1\t" + String.format(Locale.ROOT, "%.5f", first));
        assertThat(Files.readString(out.resolve("future.svg"))).contains("neural ODE", "LSTM", "</svg>");
        assertThat(out).isDirectoryContaining("glob:**/future.json");
    }

    @Test
    void whatDoesNotFitIsRefusedWithAWayOut() {
        String out = folder.resolve("new").toString();
        refused(
                run(
                        "networks",
                        model(),
                        "--atlas",
                        shared.resolve("data/atlas.tsv").toString()),
                "too few to ask 5");
        refused(run("networks", model(), "--atlas", atlas(), "--layer", "9"), "layer 9");
        refused(run("networks", model(), "--atlas", out), "no such file");
        refused(run("attribute", model(), "--atlas", atlas(), "--out", out, "--class", "F"), "no head");
        refused(run("attribute", model(), "--atlas", atlas(), "--out", out, "--tolerance", "0"), "tolerance 0.0");
        refused(run("future", model(), "--out", out, "--horizon", "7"), "no whole number of patches");
        refused(run("future", model(), "--out", out, "--horizon", "40"), "leaves no past");
        refused(run("future", model(), "--out", out, "--windows", "0"), "0 windows");
        assertThat(Path.of(out)).doesNotExist();
    }

    private static void refused(CommandResult result, String words) {
        assertThat(result.code()).as(result.text()).isEqualTo(3);
        assertThat(result.text()).contains(words, "remedy: ").doesNotContain("unexpected");
    }

    @Test
    void helpTeaches() {
        for (String command : List.of("networks", "attribute", "future")) {
            assertThat(siteModel(command, "--help").text()).contains("Example", "--cohort", "--json");
        }
    }
}
