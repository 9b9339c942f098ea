package org.commissure.site.phenotype;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.PublishedDoubles;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Subject;
import org.commissure.site.cohort.SyntheticCohort;
import org.commissure.site.compute.ModelShape;

/** A study's course over generated sites, every sum encoded, added and opened as the coordinator does. */
public final class InOneProcess {
    public static final List<String> SITES = List.of("A", "B", "E");

    private final Study study;
    private final PhenotypePlan plan;
    private final PhenotypeVectors vectors;
    private final Map<String, PhenotypeCohort> cohorts;
    private final Map<String, PhenotypeWork> work = new LinkedHashMap<>();
    private final double[] published;

    /** @param study of kind phenotype, or a fine-tuning of whose baselines this is */
    InOneProcess(Study study, Map<String, PhenotypeCohort> cohorts) {
        this.study = study;
        this.plan = study.phenotype().or(study::baselines).orElseThrow();
        this.vectors = PhenotypeVectors.of(plan);
        this.cohorts = cohorts;
        this.published = new double[vectors.published()];
        cohorts.keySet().forEach(site -> work.put(site, new PhenotypeWork(new SecureRandom())));
    }

    public static void generate(Path folder, int patients) {
        new SyntheticCohort(SITES, patients, 16, 240, 5).write(folder);
    }

    /** Adds a column to every site's participants.tsv. @param value of a row's cells by column */
    public static void addColumn(Path folder, String name, Function<Map<String, String>, String> value)
            throws IOException {
        for (String site : SITES) {
            Path table = folder.resolve("site-" + site).resolve("participants.tsv");
            List<String> lines = Files.readAllLines(table);
            List<String> header = List.of(lines.getFirst().split("\t"));
            List<String> wider = new ArrayList<>(List.of(lines.getFirst() + "\t" + name));
            for (String line : lines.subList(1, lines.size())) {
                Map<String, String> row = new LinkedHashMap<>();
                String[] cells = line.split("\t");
                for (int i = 0; i < cells.length; i++) {
                    row.put(header.get(i), cells[i]);
                }
                wider.add(line + "\t" + value.apply(row));
            }
            Files.writeString(table, String.join("\n", wider) + "\n", StandardCharsets.UTF_8);
        }
    }

    static Study study(String target, String harmonisation) {
        return study(target, harmonisation, "penalties = [0.03, 0.3, 3.0]\nfolds = 4");
    }

    public static Study study(String target, String harmonisation, String fit) {
        return study(target, harmonisation, fit, "kind = \"connectivity\"", "");
    }

    /** Features of a small encoder of which every window is 40 frames; its parameters are {@link #parameters}. */
    static Study embeddingStudy(String target, String harmonisation) {
        String coordinates =
                IntStream.range(0, 16).mapToObj(i -> "[" + i + ", 0, 0]").collect(Collectors.joining(", "));
        return study(
                target, harmonisation, "penalties = [0.03, 0.3, 3.0]\nfolds = 4", "kind = \"embedding\"", """
                [phenotype.features.embedding]
                model_sha256 = "%s"
                pooling = "mean"
                windows_per_scan = 4
                [phenotype.features.embedding.model]
                preset = "commissure-small"
                parcels = 16
                window_frames = 40
                patch_frames = 20
                hidden = 16
                encoder_layers = 1
                heads = 2
                feed_forward = 32
                initialisation_seed = 1
                coordinates_millimetres = [%s]
                """.formatted(
                                "0f".repeat(32), coordinates));
    }

    /** Of a network that was never trained. */
    static PhenotypeTask.Parameters parameters(PhenotypePlan plan) {
        return (sha256, count) -> {
            assertThat(sha256).containsOnly(0x0f).hasSize(32);
            return Initialisation.parameters(
                    ModelShape.frozen(plan.features().embedding().orElseThrow()), 1);
        };
    }

    private static Study study(String target, String harmonisation, String fit, String kind, String embedding) {
        return StudyFile.parse("""
                        [study]
                        kind = "phenotype"
                        name = "test"
                        purpose = "research"
                        [rounds]
                        maximum_attempts = 2
                        [quorum]
                        minimum_sites = 3
                        maximum_colluders = 1
                        [deadlines]
                        invite_seconds = 60
                        keys_seconds = 60
                        upload_seconds = 60
                        vote_seconds = 60
                        unmask_seconds = 60
                        reconnect_grace_seconds = 5
                        [privacy]
                        mode = "none"
                        [phenotype]
                        external_fraction = 0.3
                        minimum_patients = 5
                        [phenotype.target]
                        %s
                        [[phenotype.covariates]]
                        column = "sex"
                        classes = ["M", "F"]
                        [phenotype.features]
                        %s
                        parcels = 16
                        minimum_frames = 40
                        dimensions = 40
                        seed = 1
                        %s
                        [phenotype.harmonisation]
                        %s
                        [phenotype.fit]
                        %s
                        iterations = 10
                        tolerance = 1e-8
                        [phenotype.overlap]
                        buckets = 4096
                        """.formatted(target, kind, embedding, harmonisation, fit))
                .study();
    }

    public static InOneProcess of(Path folder, Study study) {
        Map<String, PhenotypeCohort> cohorts = new LinkedHashMap<>();
        SITES.forEach(
                site -> cohorts.put(site, cohort(admission(folder, site, study).admitted())));
        return new InOneProcess(study, cohorts);
    }

    /** The same patients as one site that holds them all. */
    static InOneProcess pooled(Path folder, Study study) {
        List<Subject> training = new ArrayList<>();
        List<Subject> external = new ArrayList<>();
        for (String site : SITES) {
            PhenotypeCohort own = cohort(admission(folder, site, study).admitted());
            training.addAll(own.training());
            external.addAll(own.external());
        }
        return new InOneProcess(study, Map.of("all", new PhenotypeCohort(training, external)));
    }

    public static Admission admission(Path folder, String site, Study study) {
        return CohortFolder.read(folder.resolve("site-" + site), CohortRules.of(study));
    }

    /** The last third is external. */
    private static PhenotypeCohort cohort(List<Subject> subjects) {
        int border = 2 * subjects.size() / 3;
        return new PhenotypeCohort(subjects.subList(0, border), subjects.subList(border, subjects.size()));
    }

    /** Every sum up to EVALUATE. @return how many Newton steps it took until nothing moved */
    public int fit() throws Exception {
        int steps = 0;
        for (SumKind kind : plan.course()) {
            double[] opened = opened(kind);
            double[] floats = PublishedDoubles.split(opened);
            for (int i = 0; i < floats.length; i++) {
                published[vectors.offset(kind) + i] = (float) floats[i];
            }
            if (kind == SumKind.REFINE) {
                steps++;
                if (opened[vectors.movement()] / cohorts.size() <= plan.fit().tolerance()) {
                    break;
                }
            }
        }
        return steps;
    }

    /** What the coordinator opens. */
    double[] opened(SumKind kind) throws Exception {
        int[] sum = new int[ExactSums.dimension(vectors.length(kind))];
        for (Map.Entry<String, PhenotypeCohort> site : cohorts.entrySet()) {
            int[] own = vector(kind, site.getKey());
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return Arrays.stream(ExactSums.decode(sum, cohorts.size()))
                .map(value -> value / vectors.scale(kind))
                .toArray();
    }

    int[] vector(SumKind kind, String site) throws Exception {
        return Objects.requireNonNull(work.get(site)).vector(task(kind, site), fraction -> {});
    }

    private PhenotypeTask task(SumKind kind, String site) {
        return new PhenotypeTask(
                "run", kind, plan, Objects.requireNonNull(cohorts.get(site)), published, parameters(plan));
    }

    public Published published() {
        return new Published(plan, published);
    }

    Rows rows(String site) {
        return new Rows(task(SumKind.FIT, site), published(), new FeatureReader(), fraction -> {});
    }

    /** The vector as the coordinator releases it. */
    public float[] released() {
        float[] floats = new float[published.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) published[i];
        }
        return floats;
    }

    /** Length of the vector that a study publishes. */
    static int published(PhenotypePlan plan) {
        return PhenotypeVectors.of(plan).published();
    }

    PhenotypeCohort cohort(String site) {
        return Objects.requireNonNull(cohorts.get(site));
    }

    /** By name of the model. */
    public Map<String, PredictionMetrics> scores() throws Exception {
        double[] opened = opened(SumKind.EVALUATE);
        Map<String, PredictionMetrics> scores = new LinkedHashMap<>();
        List<String> models = vectors.models();
        for (int i = 0; i < models.size(); i++) {
            scores.put(
                    models.get(i),
                    PredictionMetrics.of(
                            published().target(),
                            Arrays.copyOfRange(opened, i * vectors.scores(), (i + 1) * vectors.scores())));
        }
        return scores;
    }

    @Override
    public String toString() {
        return study.study().name();
    }
}
