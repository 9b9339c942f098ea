package org.commissure.deploy.phenotype;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.federation.GenerousPolicy;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.deploy.federation.Waiting;
import org.commissure.privacy.audit.LogReader;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.phenotype.Published;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A study of kind phenotype from start to report, with real processes: three sites that can take part and one whose table lacks a column. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PhenotypeFederationTest {
    private static final List<String> SITES = List.of("A", "B", "C", "D");
    private static final List<String> FITTING_SITES = List.of("A", "B", "C");
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String RUN = "tiny";

    /**
     * So many, of series so long, that any split of theirs, which no seed fixes, shows the planted class: over 200 splits of
     * this cohort a logistic regression on the pooled patients has AUC .84 with a standard deviation of .04.
     */
    private static final int PATIENTS = 90;

    private static final int FRAMES = 480;

    private ProcessFederation processes;
    private StudyFile study;
    private RunSummary run;

    @BeforeAll
    void run(@TempDir Path folder) throws IOException {
        processes = new ProcessFederation(Launcher.find(), folder);
        processes.generateCohorts("A,B,C,D", PATIENTS, 12, FRAMES);
        for (String site : FITTING_SITES) {
            addAge(processes.cohorts().resolve("site-" + site).resolve("participants.tsv"));
        }
        List<String> policy = GenerousPolicy.write(folder, true);
        processes.initialise("phenotype", LoopbackPorts.free());
        processes.startCoordinator();
        for (String site : SITES) {
            processes.join(site, processes.cohorts().resolve("site-" + site), policy);
            processes.startSite(site);
        }
        SITES.forEach(site -> processes.site(site).await("connected to the coordinator", CONNECT));
        StudyTemplate template = StudyTemplate.resource(PhenotypeFederationTest.class, "tiny-phenotype.toml");
        study = StudyFile.parse(template.text());
        Path file = folder.resolve("study.toml");
        Files.writeString(file, template.text());
        processes.startRun(RUN, file);
        if (!processes.watch().until(summary -> summary.state().terminal(), LIMIT)) {
            throw new UserError("the run did not end: " + processes.watch().newest(), "see " + processes.logs());
        }
        run = processes.watch().newest().orElseThrow();
        // The run's folder is written once the run has ended; the card is its last file.
        assertThat(Waiting.until(() -> Files.exists(processes.run(RUN).resolve("model-card.md")), LIMIT))
                .isTrue();
    }

    /** A class that the generated series know, as the last network grows with age: the older half of each hospital. */
    private static void addAge(Path table) throws IOException {
        List<String> lines = Files.readAllLines(table);
        int age = List.of(lines.getFirst().split("\t")).indexOf("age");
        List<String> patients = lines.subList(1, lines.size());
        ToDoubleFunction<String> years = line -> Double.parseDouble(line.split("\t")[age]);
        double median = patients.stream().mapToDouble(years).sorted().toArray()[PATIENTS / 2];
        List<String> wider = new ArrayList<>(List.of(lines.getFirst() + "\told"));
        for (String line : patients) {
            wider.add(line + "\t" + (years.applyAsDouble(line) >= median ? "yes" : "no"));
        }
        Files.writeString(table, String.join("\n", wider) + "\n");
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    @Test
    void everySumIsReleasedAndNewtonStopsBeforeItsLastStep() {
        assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(run.history())
                .allSatisfy(round -> assertThat(round.survivors()).containsExactlyElementsOf(FITTING_SITES));
        assertThat(run.history().getLast().round())
                .isGreaterThan(4)
                .isLessThan(study.study().rounds().count());
    }

    @Test
    void thePlantedClassIsPredictedBesideItsBaselines() {
        PhenotypeResult result = Objects.requireNonNull(run.history().getLast().phenotype());
        assertThat(result.converged()).isTrue();
        assertThat(result.sites()).isEqualTo(FITTING_SITES.size());
        assertThat(result.scores())
                .extracting(PhenotypeResult.Score::model)
                .containsExactly("federated", "single-site", "demographics", "mean");
        assertThat(auc(result, 0)).isGreaterThan(0.65);
        assertThat(auc(result, 3)).isEqualTo(0.5);
    }

    private static double auc(PhenotypeResult result, int model) {
        ClassificationMetrics metrics =
                (ClassificationMetrics) result.scores().get(model).metrics();
        return Objects.requireNonNull(metrics.auc()).value();
    }

    @Test
    void nobodyIsAtTwoSites() {
        PhenotypeResult first = Objects.requireNonNull(run.history().getFirst().phenotype());
        PhenotypeResult.Overlap overlap = Objects.requireNonNull(first.overlap());
        assertThat(overlap.patients()).isBetween(2L * PATIENTS, 3L * PATIENTS);
        assertThat(overlap.shared()).isZero();
    }

    @Test
    void aSiteWithoutTheColumnIsRefusedWithItsName() {
        assertThat(LogReader.read(processes.log()))
                .filteredOn(logged -> logged.entry().getAction().equals("invitation.refused"))
                .extracting(logged -> logged.entry().getDetail())
                .isNotEmpty()
                .allSatisfy(detail -> assertThat(detail).contains("has no column old"));
    }

    @Test
    void coefficientsFollowFromTheReleasedVectorAlone() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(processes.run(RUN).resolve("model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        double[] floats = new double[(bytes.capacity() - 8 - header) / Float.BYTES];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = bytes.getFloat(8 + header + i * Float.BYTES);
        }
        double[] coefficients = new Published(study.study().phenotype().orElseThrow(), floats)
                .model(0, 0)
                .coefficients();
        assertThat(coefficients).hasSize(1 + 1 + 24 + 1).doesNotContain(Double.NaN);
        assertThat(Math.abs(coefficients[2])).isPositive();
    }

    @Test
    void theReportHasEveryModel() throws IOException {
        assertThat(Files.readString(processes.run(RUN).resolve("report.html")))
                .contains("federated", "single-site", "demographics", "AUC within sites");
        assertThat(Files.readString(processes.run(RUN).resolve("model-card.md")))
                .contains("single-site", "Newton steps, which converged");
    }
}
