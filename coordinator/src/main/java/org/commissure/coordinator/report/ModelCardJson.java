package org.commissure.coordinator.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.study.Training;

/**
 * {@code model-card.json}: what {@code model-card.md} says, for programs. It follows from the report and the study alone;
 * its keys are described in docs/report.md, and within a version are only added.
 */
final class ModelCardJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String SCHEMA = "commissure-model-card";
    private static final int VERSION = 1;

    private ModelCardJson() {}

    static String of(RunReport report, Study study) {
        ObjectNode card = JSON.createObjectNode();
        card.put("schema", SCHEMA).put("schemaVersion", VERSION).put("notice", report.notice());
        String kind = study.study().kind().orElse(StudyFile.BRAINLM);
        card.putObject("model")
                .put("name", report.study().name())
                .put("kind", kind)
                .put("file", "model.safetensors")
                .put("sha256", report.model().sha256());
        lineage(card.putObject("lineage"), report, study);
        data(card.putObject("data"), report);
        training(card.putObject("training"), report, study, kind);
        privacy(card.putObject("privacy"), report, study);
        evaluation(card.putObject("evaluation"), report);
        ArrayNode limits = card.putArray("limits");
        limits(kind).forEach(limits::add);
        card.set("log", JSON.valueToTree(report.log()));
        try {
            return JSON.writeValueAsString(card) + "\n";
        } catch (JacksonException e) {
            throw new IllegalStateException("a card that has no JSON form", e);
        }
    }

    private static void lineage(ObjectNode node, RunReport report, Study study) {
        node.put("runId", report.run().id())
                .put("outcome", report.run().outcome().name())
                .put("studySha256", report.study().sha256())
                .put("baseModelSha256", CardSections.base(study).orElse(null))
                .put("startSha256", CardSections.start(report).orElse(null));
        ArrayNode rounds = node.putArray("rounds");
        for (RunReport.Round round : report.rounds()) {
            ObjectNode each = rounds.addObject()
                    .put("round", round.round())
                    .put("outcome", round.outcome().name())
                    .put("modelSha256", round.modelSha256());
            each.set("survivors", JSON.valueToTree(round.survivors()));
        }
    }

    private static void data(ObjectNode node, RunReport report) {
        node.put("externalFraction", report.study().externalFraction());
        ArrayNode sites = node.putArray("sites");
        for (RunReport.Site site : report.sites()) {
            ObjectNode each =
                    sites.addObject().put("name", site.name()).put("externalCohortSha256", site.externalCohortSha256());
            each.set("sealedPatients", JSON.valueToTree(site.sealedPatientsNoised()));
        }
    }

    private static void training(ObjectNode node, RunReport report, Study study, String kind) {
        node.put("purpose", report.study().purpose())
                .put("rounds", study.rounds().count());
        boolean network = kind.equals(StudyFile.BRAINLM) || kind.equals(StudyFile.FINETUNE);
        if (!network) {
            return;
        }
        Training training = study.training();
        node.put("localSteps", study.localSteps())
                .put("optimiser", training.optimiser().name().toLowerCase(Locale.ROOT))
                .put("learningRate", training.learningRate())
                .put("preset", study.model().preset().key())
                .put("parcels", study.model().parcels())
                .put("windowFrames", study.model().windowFrames())
                .put("patchFrames", study.model().patchFrames());
    }

    private static void privacy(ObjectNode node, RunReport report, Study study) {
        Study.Privacy plan = study.privacy();
        node.put("mode", report.study().privacyMode());
        if (plan.mode() != Study.PrivacyMode.NONE) {
            node.put("noiseMultiplier", plan.noiseMultiplier())
                    .put("clipNorm", plan.clipNorm())
                    .put("samplingRate", plan.samplingRate())
                    .put("delta", plan.delta());
        }
        ArrayNode sites = node.putArray("sites");
        for (RunReport.Site site : report.sites()) {
            ObjectNode each = sites.addObject().put("name", site.name()).put("unavailable", site.privacyUnavailable());
            each.set("spent", JSON.valueToTree(site.privacy()));
        }
    }

    /** As in {@code report.json}: intervals and the worst site are in the metrics. */
    private static void evaluation(ObjectNode node, RunReport report) {
        node.set("reconstruction", JSON.valueToTree(report.sealedEvaluation()));
        node.set("phenotype", JSON.valueToTree(report.phenotype()));
        node.set("regional", JSON.valueToTree(report.regional()));
    }

    private static List<String> limits(String kind) {
        return List.of(
                "research use, not for clinical decisions",
                kind.equals(StudyFile.BRAINLM)
                        ? "only masked reconstruction was scored: nothing is known about any diagnosis, prognosis or phenotype"
                        : "nothing is known about any diagnosis or prognosis of a single patient; no causal reading",
                "sites may differ in scanner and preprocessing");
    }
}
