package org.commissure.site.finetune;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.study.StudySums;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.Attempt;
import org.commissure.site.compute.LocalTraining;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.UpdateEncoding;
import org.commissure.site.phenotype.InOneProcess;
import org.commissure.site.phenotype.PhenotypeTask;

/** A study's rounds over generated sites in one process: every vector encoded, added and opened as the coordinator does. */
final class FineTuneFederation {
    private static final int INTERNAL = 32; // a multiple of eight, so that a declared weight is the number of patients

    final Study study;
    final float[] vector;
    private final List<Site> sites = new ArrayList<>();

    private record Site(List<Subject> internal, List<Subject> external, Map<String, float[]> known) {}

    private FineTuneFederation(Study study, List<Site> sites) {
        this.study = study;
        this.vector = new float[FineTuneVector.of(study).length()];
        this.sites.addAll(sites);
    }

    static FineTuneFederation of(Path folder, Study study) {
        return new FineTuneFederation(
                study,
                InOneProcess.SITES.stream()
                        .map(site -> InOneProcess.admission(folder, site, study).admitted())
                        .map(all ->
                                new Site(all.subList(0, INTERNAL), all.subList(INTERNAL, all.size()), new HashMap<>()))
                        .toList());
    }

    /** The same patients as one site that holds them all. */
    FineTuneFederation pooled() {
        List<Subject> internal = new ArrayList<>();
        List<Subject> external = new ArrayList<>();
        sites.forEach(site -> {
            internal.addAll(site.internal());
            external.addAll(site.external());
        });
        return new FineTuneFederation(study, List.of(new Site(internal, external, new HashMap<>())));
    }

    LabelledGradient open(int site) throws Exception {
        return LabelledGradient.open(study, parameters(study), sites.get(site).known());
    }

    List<LabelledScan> patients(int site) {
        return LabelledScan.of(sites.get(site).internal(), plan().target());
    }

    private FineTunePlan plan() {
        return study.finetune().orElseThrow();
    }

    /** Of a network that was never trained. */
    static PhenotypeTask.Parameters parameters(Study study) {
        return (sha256, count) -> Initialisation.parameters(ModelShape.of(study), 1);
    }

    FineTuneFederation rounds() throws Exception {
        for (int round = 1; round <= study.rounds().count(); round++) {
            train(round);
        }
        return this;
    }

    /** One TRAIN sum and federated averaging. */
    void train(int round) throws Exception {
        Study.SecureAggregation plan = study.secureAggregation();
        Ring ring = new Ring(plan.ringBits());
        RingVector sum = RingVector.zeros(ring, vector.length + 1);
        for (int site = 0; site < sites.size(); site++) {
            PlainVector own = update(site, round);
            RingVector encoded = RingVector.zeros(ring, own.length());
            own.copyTo(encoded, 0, own.length());
            for (int i = 0; i < sum.length(); i++) {
                sum.set(i, (int) (sum.get(i) + encoded.get(i)));
            }
        }
        FixedPoint encoding = new FixedPoint(ring, plan.scaleLog2(), UpdateEncoding.valueBound(study));
        double weights = encoding.decode(sum.get(vector.length));
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (encoding.decode((int) sum.get(i)) / weights);
        }
    }

    private PlainVector update(int site, int round) throws Exception {
        SecureRandom random = new SecureRandom();
        List<LabelledScan> patients = patients(site);
        int weight = UpdateEncoding.weight(patients.size(), study);
        try (LabelledGradient gradient = open(site)) {
            List<float[]> update = new LocalTraining(
                            gradient,
                            study,
                            SharedPart.whole(gradient.parameterCount()),
                            new PatientSampler(random),
                            new GaussianNoise(random))
                    .train(
                            vector,
                            LocalTraining.Start.NONE,
                            patients,
                            weight,
                            new Attempt("test", round, 1),
                            Optional.empty(),
                            fraction -> {})
                    .update();
            return UpdateEncoding.encode(update, weight, study, RandomGenerator.of("L64X128MixRandom"));
        }
    }

    /** By model. */
    Map<String, PredictionMetrics> scores() throws Exception {
        FineTunePlan plan = plan();
        int[] sum = new int[ExactSums.dimension(StudySums.evaluationLength(study, 1))];
        for (int site = 0; site < sites.size(); site++) {
            try (LabelledGradient model = open(site)) {
                model.load(vector);
                List<LabelledScan> external = LabelledScan.of(sites.get(site).external(), plan.target());
                int[] own = ExactSums.encode(FineTuneScores.of(
                        plan,
                        model,
                        external,
                        external.stream()
                                .map(patient -> Set.<org.commissure.protocol.evaluation.Subgroup>of())
                                .toList(),
                        new SecureRandom(),
                        fraction -> {}));
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += own[i];
                }
            }
        }
        double[] opened = ExactSums.decode(sum, sites.size());
        Map<String, PredictionMetrics> scores = new LinkedHashMap<>();
        for (int i = 0; i < plan.models().size(); i++) {
            scores.put(
                    plan.models().get(i),
                    PredictionMetrics.of(
                            plan.target().kind(),
                            Arrays.copyOfRange(opened, i * plan.scores(), (i + 1) * plan.scores())));
        }
        return scores;
    }

    /** @param target lines of {@code [finetune.target]} @param trained lines of {@code [finetune]} @param training lines */
    static Study study(String target, String trained, int rounds, String training, String privacy) {
        String coordinates =
                IntStream.range(0, 16).mapToObj(i -> "[" + i + ", 0, 0]").collect(Collectors.joining(", "));
        return StudyFile.parse("""
                        [study]
                        kind = "finetune"
                        name = "test"
                        purpose = "research"
                        [rounds]
                        count = %d
                        maximum_attempts = 2
                        server_learning_rate = 1.0
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
                        [secure_aggregation]
                        ring_bits = 32
                        update_bound = 16.0
                        scale_log2 = 20
                        maximum_weight = 256
                        [privacy]
                        %s
                        delta = 1e-5
                        [training]
                        %s
                        momentum = 0.0
                        update_clip_norm = 1000.0
                        seed = 3
                        [model]
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
                        [finetune]
                        external_fraction = 0.3
                        model_sha256 = "%s"
                        pooling = "mean"
                        windows_per_scan = 2
                        %s
                        [finetune.target]
                        %s
                        """.formatted(rounds, privacy, training, coordinates, "0f".repeat(32), trained, target))
                .study();
    }
}
