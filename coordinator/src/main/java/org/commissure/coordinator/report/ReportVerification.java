package org.commissure.coordinator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LogExpectation;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;

/**
 * Whether a report says what the signed log and the opened sums say. The log must verify and extend the checkpoint that is
 * kept beside the report; each kept sum must have the SHA-256 that the log holds; from both and the study the whole report
 * is built again, and every leaf of {@code report.json} compared, then the page and the model card, byte by byte.
 *
 * @param differences what is not as it should be; empty where the report verifies
 * @param compared leaves of {@code report.json}
 */
public record ReportVerification(List<Difference> differences, int compared, RunReport.Log log) {
    /** Beside the report: the log's checkpoint when the report was written. */
    /** For people, and for programs. */
    public static final String CARD = "model-card.md";

    public static final String CARD_JSON = "model-card.json";

    public static final String CHECKPOINT = "checkpoint";

    /** What neither the log nor a kept sum holds, so that the report's own word is taken. */
    public static final List<String> UNCHECKED =
            List.of("/rounds/*/seconds", "/sites/*/bytesReceived", "/phenotype/converged", "/phenotype/overlap");

    private static final RunReport.Log NO_LOG = new RunReport.Log(false, 0, "", "", "", null);

    public ReportVerification {
        differences = List.copyOf(differences);
    }

    /**
     * Something that is not as the log and the sums have it.
     *
     * @param where a JSON pointer into {@code report.json}, or a file
     */
    public record Difference(String where, String stated, String recomputed) {}

    public boolean ok() {
        return differences.isEmpty();
    }

    /**
     * Verifies the report in {@code folder}.
     *
     * @param log a copy of the federation's log
     * @param authoritySha256 fingerprint heard elsewhere
     * @throws UserError if there is no report or no log, or the report is of a kind of study that cannot be recomputed
     */
    public static ReportVerification of(Path folder, Path log, Optional<String> authoritySha256) {
        RunReport stated = RunReports.read(folder.resolve("report.json"));
        String note = text(folder.resolve(CHECKPOINT));
        LogVerification verified = LogVerifier.verify(log, new LogExpectation(authoritySha256, Optional.of(note)));
        if (!verified.ok()) {
            String problem = verified.problem()
                    .or(() -> verified.firstBadEntry().map(bad -> "entry " + bad.index() + ": " + bad.problem()))
                    .orElse("it does not verify");
            return failed(new Difference("log", "verified", problem));
        }
        LogFacts facts = LogFacts.of(log, stated.run().id(), verified, note);
        StudyFile study = study(folder.resolve("study.toml"));
        if (study.study().regional().isPresent()) {
            throw new UserError(
                    "the report is of a study of kind regional, which this command does not recompute",
                    "verify the log with 'audit verify' and compare the scores with its evaluation.released entry");
        }
        Optional<Difference> otherStudy = otherStudy(study, facts);
        if (otherStudy.isPresent()) {
            return failed(otherStudy.get());
        }
        try {
            KeptSums sums = KeptSums.in(folder);
            RunSummary summary =
                    new LoggedRun(facts, sums, stated, folder.resolve("model.safetensors"), study.study()).summary();
            return compared(folder, RunReports.of(summary, study, facts, sums), study);
        } catch (KeptSums.DamagedSumException e) {
            return failed(new Difference("evaluations", "the sums that the log names", String.valueOf(e.getMessage())));
        }
    }

    private static ReportVerification compared(Path folder, RunReport recomputed, StudyFile study) {
        JsonDifferences.Result json =
                JsonDifferences.of(tree(text(folder.resolve("report.json"))), tree(RunReports.text(recomputed)));
        List<Difference> differences = new ArrayList<>(json.differences());
        differs(folder.resolve("report.html"), ReportPage.of(recomputed)).ifPresent(differences::add);
        differs(folder.resolve(CARD), RunReporter.card(recomputed, study.study()))
                .ifPresent(differences::add);
        if (Files.exists(folder.resolve(CARD_JSON))) { // older runs have none
            differs(folder.resolve(CARD_JSON), ModelCardJson.of(recomputed, study.study()))
                    .ifPresent(differences::add);
        }
        return new ReportVerification(differences, json.compared(), recomputed.log());
    }

    private static ReportVerification failed(Difference difference) {
        return new ReportVerification(List.of(difference), 0, NO_LOG);
    }

    private static Optional<Difference> otherStudy(StudyFile study, LogFacts facts) {
        String own = HexFormat.of().formatHex(study.sha256());
        return facts.by(LogFacts.COORDINATOR, Actions.RUN_STARTED)
                .flatMap(entry -> Facts.text(entry.entry(), "study_sha256").stream())
                .filter(logged -> !logged.equals(own))
                .map(logged -> new Difference("study.toml", own, logged))
                .findFirst();
    }

    private static StudyFile study(Path file) {
        try {
            return StudyFile.parse(text(file));
        } catch (StudyException e) {
            throw new UserError(file + " cannot be used: " + e.getMessage(), "restore it from the coordinator", e);
        }
    }

    /** The first line that is another one. */
    private static Optional<Difference> differs(Path file, String expected) {
        String name = String.valueOf(file.getFileName());
        List<String> stated = text(file).lines().toList();
        List<String> recomputed = expected.lines().toList();
        for (int line = 0; line < Math.max(stated.size(), recomputed.size()); line++) {
            String said = line < stated.size() ? stated.get(line) : "end of file";
            String should = line < recomputed.size() ? recomputed.get(line) : "end of file";
            if (!said.equals(should)) {
                return Optional.of(new Difference(name + ", line " + (line + 1), shorten(said), shorten(should)));
            }
        }
        return text(file).equals(expected)
                ? Optional.empty()
                : Optional.of(new Difference(name, "other line ends", "those of the report"));
    }

    private static String shorten(String line) {
        return line.length() > 200 ? line.substring(0, 199) + "…" : line;
    }

    private static JsonNode tree(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UserError("report.json is not JSON", "restore it from the coordinator", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(
                    "cannot read " + file,
                    "name a folder with report.json, report.html, model-card.md, study.toml, checkpoint and"
                            + " evaluations/",
                    e);
        }
    }
}
