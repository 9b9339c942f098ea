package org.commissure.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportVerificationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private ScoredRun run;

    @BeforeEach
    void reportARun() throws IOException {
        run = new ScoredRun(folder, 40);
    }

    @Test
    void anUntouchedReportVerifies() {
        ReportVerification result = verify();
        assertThat(result.differences()).isEmpty();
        assertThat(result.compared()).isGreaterThan(150);
    }

    @Test
    void everyChangedValueIsNamedByItsPlace() throws IOException {
        byte[] untouched = Files.readAllBytes(run.report());
        List<String> leaves = new ArrayList<>();
        leaves("", JSON.readTree(untouched), leaves);
        leaves.removeIf(leaf -> leaf.endsWith("/seconds")
                || leaf.endsWith("/bytesReceived")
                || leaf.startsWith("/schema")
                || leaf.equals("/run/id"));
        assertThat(leaves).hasSizeGreaterThan(100);
        for (int i = 0; i < leaves.size(); i += 5) { // each takes a whole verification
            JsonNode changed = JSON.readTree(untouched);
            String leaf = leaves.get(i);
            change(changed, leaf);
            Files.write(run.report(), JSON.writeValueAsBytes(changed));
            assertThat(verify().differences())
                    .anySatisfy(difference -> assertThat(difference.where()).isEqualTo(leaf));
        }
    }

    @Test
    void theNumbersOfTheReportFollowFromTheSumInPlainArithmetic() throws IOException {
        JsonNode report = JSON.readTree(Files.readAllBytes(run.report()));
        String sha256 = report.at("/rounds/3/evaluationSum/sha256").asText();
        byte[] bytes = Files.readAllBytes(run.folder.resolve("evaluations/" + sha256 + ".sum"));
        int sites = 3;
        double[] sum = new double[bytes.length / 16];
        ByteBuffer limbs = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < sum.length; i++) {
            BigInteger total = BigInteger.ONE.shiftLeft(63).multiply(BigInteger.valueOf(-sites));
            for (int limb = 0; limb < 4; limb++) {
                total = total.add(BigInteger.valueOf(limbs.getInt()).shiftLeft(16 * limb));
            }
            sum[i] = total.doubleValue() / 65_536;
        }
        // patients, values, Σy, Σy², SSE of the model, of the parcel mean, of interpolation
        double total = sum[3] - sum[2] * sum[2] / sum[1];
        JsonNode metrics = report.at("/sealedEvaluation/metrics");
        assertThat(metrics.get("patients").asLong()).isEqualTo(120);
        assertThat(metrics.at("/r2/value").asDouble()).isCloseTo(1 - sum[4] / total, within(1e-12));
        assertThat(metrics.at("/mse/value").asDouble()).isCloseTo(sum[4] / sum[1], within(1e-12));
        assertThat(metrics.at("/r2Interpolation/value").asDouble()).isCloseTo(1 - sum[6] / total, within(1e-12));
        assertThat(report.at("/rounds/3/evaluation/r2").asDouble()).isCloseTo(1 - sum[4] / total, within(1e-12));

        int replicates = sum.length - 6 * 2_000;
        double[] scores = new double[2_000];
        for (int b = 0; b < scores.length; b++) {
            int at = replicates + 6 * b;
            scores[b] = 1 - sum[at + 3] / (sum[at + 2] - sum[at + 1] * sum[at + 1] / sum[at]);
        }
        Arrays.sort(scores);
        assertThat(metrics.at("/r2/interval/low").asDouble())
                .isCloseTo(scores[49] * .025 + scores[50] * .975, within(1e-9));
        assertThat(metrics.at("/r2/interval/high").asDouble())
                .isCloseTo(scores[1_949] * .975 + scores[1_950] * .025, within(1e-9));

        // sites with a score, without one, Σw, Σw², Σwθ, Σwθ², all times 1,024, then 40 bins
        double k = sum[7] / 1_024;
        double w = sum[9] / 1_024;
        double w2 = sum[10] / 1_024;
        double mean = sum[11] / sum[9];
        double q = sum[12] / 1_024 - mean * sum[11] / 1_024;
        double tau2 = Math.max(0, (q - (k - 1)) / (w - w2 / w));
        double half = 4.303 * Math.sqrt(1 / w + tau2 * w2 / w / w);
        assertThat(metrics.at("/sites/sites").asInt()).isEqualTo(3);
        assertThat(metrics.at("/sites/pooled/mean").asDouble()).isCloseTo(mean, within(1e-12));
        assertThat(metrics.at("/sites/pooled/tauSquared").asDouble()).isCloseTo(tau2, within(1e-12));
        assertThat(metrics.at("/sites/pooled/interval/high").asDouble()).isCloseTo(mean + half, within(1e-12));
        int first = 0;
        while (sum[13 + first] == 0) {
            first++;
        }
        assertThat(metrics.at("/sites/worst/low").asDouble()).isCloseTo(-1 + first * 0.05, within(1e-12));
    }

    @Test
    void federatedAndSingleSiteModelsAreComparedPairedAndVerified() throws Exception {
        StudyFile study =
                StudyFile.parse(ScoredRun.STUDY.text().replace("[evaluation]\n", "[evaluation]\nsingle_site = true\n"));
        ScoredRun compared = new ScoredRun(Files.createDirectories(folder.resolve("compared")), 40, study);
        JsonNode evaluation =
                JSON.readTree(Files.readAllBytes(compared.report())).get("sealedEvaluation");
        JsonNode comparison = evaluation.get("comparison");
        double difference = comparison.get("federated").asDouble()
                - comparison.get("singleSite").asDouble();
        assertThat(difference).isCloseTo(0.04, within(0.002));
        assertThat(comparison.at("/federatedOverSingleSite/value").asDouble()).isCloseTo(difference, within(1e-12));
        assertThat(comparison.at("/federatedOverSingleSite/interval/low").asDouble())
                .isBetween(0.035, difference);
        assertThat(comparison.get("pooled").isNull()).isTrue();
        assertThat(comparison.get("reason").asText()).contains("science reconstruction-table");
        assertThat(evaluation.at("/findings/2/baseline").asText()).isEqualTo("models that sites trained alone");
        assertThat(evaluation.at("/findings/2/verdict").asText()).isEqualTo("BETTER");
        assertThat(Files.readString(compared.folder.resolve("report.html")))
                .contains("Federated less single-site, paired", "models of sites alone");
        assertThat(ReportVerification.of(compared.folder, compared.log(), Optional.empty())
                        .differences())
                .isEmpty();
        JsonNode changed = JSON.readTree(Files.readAllBytes(compared.report()));
        change(changed, "/sealedEvaluation/comparison/singleSite");
        Files.write(compared.report(), JSON.writeValueAsBytes(changed));
        assertThat(ReportVerification.of(compared.folder, compared.log(), Optional.empty())
                        .differences())
                .anySatisfy(found -> assertThat(found.where()).isEqualTo("/sealedEvaluation/comparison/singleSite"));
    }

    @Test
    void theReportSaysWhatItsRunWas() throws IOException {
        JsonNode report = JSON.readTree(Files.readAllBytes(run.report()));
        JsonNode evaluation = report.get("sealedEvaluation");
        assertThat(evaluation.get("round").asInt()).isEqualTo(3);
        assertThat(evaluation.at("/findings/1/verdict").asText()).isEqualTo("BETTER");
        assertThat(evaluation.at("/findings/2/baseline").asText()).isEqualTo("untrained model");
        assertThat(evaluation.at("/dropouts/0/site").asText()).isEqualTo("YALE");
        assertThat(evaluation.at("/dropouts/0/rounds").asInt()).isEqualTo(1);
        assertThat(evaluation.at("/comparison/pooled").isNull()).isTrue();
        assertThat(evaluation.at("/metrics/subgroups")).hasSize(4);
        String page = Files.readString(run.folder.resolve("report.html"));
        assertThat(page)
                .contains("<strong>Better</strong> than the linear interpolation")
                .contains("sites, random effects", "The worst site's R² lies between")
                .contains("120 sealed external patients", "about 63 ± 6 admitted")
                .contains("YALE is missing from 1 of 2 released sums of training")
                .contains("motion below 0.2 mm, n 90");
    }

    @Test
    void aChangedByteOfASumIsNamedByItsFile() throws IOException {
        Path sum;
        try (Stream<Path> files = Files.list(run.folder.resolve("evaluations"))) {
            sum = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(sum);
        bytes[bytes.length / 3] ^= 1;
        Files.write(sum, bytes);
        assertThat(verify().differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.recomputed())
                        .contains(sum.getFileName().toString(), "SHA-256"));
        Files.delete(sum);
        assertThat(verify().differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.recomputed()).contains("is missing"));
    }

    @Test
    void aChangedPageOrCardIsNamedByItsLine() throws IOException {
        Path page = run.folder.resolve("report.html");
        Files.writeString(page, Files.readString(page).replaceFirst("0\\.(\\d)", "0.9$1"));
        assertThat(verify().differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.where()).startsWith("report.html, line "));
        Path card = run.folder.resolve("model-card.md");
        Files.writeString(card, Files.readString(card) + "It cures everything.\n");
        assertThat(verify().differences()).hasSize(2);
    }

    @Test
    void anotherStudyOrAnotherLogIsNamed() throws IOException {
        Path study = run.folder.resolve("study.toml");
        Files.writeString(study, Files.readString(study) + "# a note\n");
        assertThat(verify().differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.where()).isEqualTo("study.toml"));
        ScoredRun other = new ScoredRun(folder.resolve("other"), 12);
        assertThat(ReportVerification.of(run.folder, other.log(), Optional.empty())
                        .differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.where()).isEqualTo("log"));
        assertThat(ReportVerification.of(run.folder, run.log(), Optional.of("00".repeat(32)))
                        .differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.recomputed()).contains("another federation"));
    }

    @Test
    void withoutAReportThereIsNothingToVerify() {
        assertThatThrownBy(() -> ReportVerification.of(folder.resolve("nowhere"), run.log(), Optional.empty()))
                .isInstanceOf(UserError.class);
    }

    private ReportVerification verify() {
        return ReportVerification.of(run.folder, run.log(), Optional.empty());
    }

    private static void leaves(String at, JsonNode node, List<String> leaves) {
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(name -> leaves(at + "/" + name, node.get(name), leaves));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                leaves(at + "/" + i, node.get(i), leaves);
            }
        } else if (node.isNumber()) {
            leaves.add(at);
        }
    }

    /** The smallest change that a decimal number can show. */
    private static void change(JsonNode root, String leaf) {
        int slash = leaf.lastIndexOf('/');
        JsonNode parent = root.at(leaf.substring(0, slash));
        String name = leaf.substring(slash + 1);
        JsonNode value = root.at(leaf);
        if (parent instanceof ObjectNode object) {
            if (value.isIntegralNumber()) {
                object.put(name, value.asLong() + 1);
            } else {
                object.put(name, Math.nextUp(value.asDouble()));
            }
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), JSON.getNodeFactory().numberNode(value.asLong() + 1));
        }
    }
}
