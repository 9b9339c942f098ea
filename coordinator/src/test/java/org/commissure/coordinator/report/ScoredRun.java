package org.commissure.coordinator.report;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.evaluation.PatientErrors;
import org.commissure.protocol.evaluation.ReconstructionLayout;
import org.commissure.protocol.evaluation.Subgroup;
import org.commissure.protocol.study.StudyFile;

/**
 * A finished run of four sites with its log, its opened evaluation sums and its report: the initial model, a round that
 * improved it, one that was aborted, and one that YALE dropped out of.
 */
public final class ScoredRun {
    static final StudyFile STUDY = ReportFixture.study();

    private static final int LAST = 3;
    private static final String INITIAL = "aa".repeat(32);

    private final ReportFixture fixture;
    private final StudyFile study;
    public final Path folder;
    private final List<RoundSummary> history = new ArrayList<>();

    /** @param patients external patients of a site */
    public ScoredRun(Path folder, int patients) throws IOException {
        this(folder, patients, STUDY);
    }

    /** @param study where it asks for it, models that sites trained alone leave 4 % of the variance more */
    ScoredRun(Path folder, int patients, StudyFile study) throws IOException {
        this.study = study;
        this.fixture = new ReportFixture(folder);
        this.folder = folder.resolve("run");
        Files.createDirectories(this.folder);
        log(
                0,
                Actions.RUN_STARTED,
                "model_sha256",
                INITIAL,
                "sites",
                String.join(" ", ReportFixture.SITES),
                "study_sha256",
                HexFormat.of().formatHex(study.sha256()));
        fixture.usualSeals();
        score(0, RoundOutcome.INITIAL, INITIAL, 1.02, patients, ReportFixture.SITES);
        train(1, "11".repeat(32), ReportFixture.SITES);
        score(1, RoundOutcome.RELEASED, "11".repeat(32), 0.9, patients, ReportFixture.SITES);
        fixture.append(
                "coordinator",
                fixture.entry("coordinator", Actions.SUM_ABORTED, 2)
                        .fact("sum", "TRAIN")
                        .detail("too few answered"));
        fixture.append(
                "coordinator",
                fixture.entry("coordinator", Actions.ROUND_ABORTED, 2)
                        .attempt(3)
                        .fact("sum", "TRAIN"));
        history.add(new RoundSummary(2, RoundOutcome.ABORTED, 3, List.of(), 30, null, "11".repeat(32)));
        List<String> left = ReportFixture.SITES.subList(0, 3);
        train(3, "33".repeat(32), left);
        score(3, RoundOutcome.RELEASED, "33".repeat(32), 0.62, patients, left);
        log(3, Actions.RUN_FINISHED, "outcome", "FINISHED");
        fixture.writeLog();
        Files.write(this.folder.resolve("study.toml"), study.text().getBytes(StandardCharsets.UTF_8));
        new RunReporter().write(summary(), study, this.folder, fixture.log());
    }

    public Path log() {
        return fixture.log();
    }

    public Path report() {
        return folder.resolve("report.json");
    }

    private RunSummary summary() {
        return new RunSummary(
                ReportFixture.RUN,
                RunOutcome.FINISHED,
                "",
                STUDY.study().study().name(),
                3,
                STUDY.study().rounds().count(),
                "EVALUATE",
                "released",
                1,
                List.of(),
                null,
                null,
                ReportFixture.SITES.stream()
                        .map(site -> new SiteSummary(site, true, "idle", 1, 4_321_000))
                        .toList(),
                history);
    }

    private void train(int round, String model, List<String> survivors) {
        log(
                round,
                Actions.SUM_RELEASED,
                "sum",
                "TRAIN",
                "sum_sha256",
                "ee".repeat(32),
                "survivors",
                String.join(" ", survivors));
        log(round, Actions.MODEL_RELEASED, "sum", "TRAIN", "model_sha256", model);
        survivors.forEach(site -> fixture.charge(site, round, "1." + round));
    }

    /** @param error share of the variance that the model leaves */
    private void score(
            int round, RoundOutcome outcome, String model, double error, int patients, List<String> survivors)
            throws IOException {
        ReconstructionLayout layout = study.study().evaluation().layout();
        boolean alone = study.study().comparesSingleSites() && round == LAST;
        RingVector sum = RingVector.zeros(new Ring(32), ExactSums.dimension(layout.length()));
        for (int s = 0; s < survivors.size(); s++) {
            List<PatientErrors> own = patients(s, error, patients);
            int[] encoded = ExactSums.encode(layout.of(alone ? compared(own) : own, 31L * round + s));
            for (int i = 0; i < encoded.length; i++) {
                sum.set(i, sum.get(i) + encoded[i]);
            }
        }
        ByteString sha256 = sum.sha256();
        RunFolders.evaluations(folder).add(sum, sha256);
        log(
                round,
                Actions.SUM_RELEASED,
                "sum",
                "EVALUATE",
                "sum_sha256",
                HexFormat.of().formatHex(sha256.toByteArray()),
                "survivors",
                String.join(" ", survivors));
        log(round, Actions.EVALUATION_RELEASED, "sum", "EVALUATE", "model_sha256", model);
        EvaluationSummary scores = EvaluationSummary.of(
                        ExactSums.decode(sum.toInts(), survivors.size()), survivors.size())
                .orElseThrow();
        history.add(new RoundSummary(round, outcome, 1, survivors, 9.5, scores, model));
    }

    private static List<PatientErrors> compared(List<PatientErrors> patients) {
        return patients.stream()
                .map(patient -> {
                    PatientErrors.Sums own = patient.ratios().getFirst();
                    return new PatientErrors(
                            List.of(own.beside(new PatientErrors.Sums(
                                    own.values(), 0, 0, own.errorModel() + 0.04 * own.values(), 0, 0))),
                            patient.subgroups());
                })
                .toList();
    }

    /** The same patients in every round; every third is known to be a girl, every fourth to move a lot. */
    static List<PatientErrors> patients(int site, double error, int count) {
        SplittableRandom random = new SplittableRandom(site);
        List<PatientErrors> patients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double values = 400;
            double own = Math.clamp(error + 0.05 * site + 0.1 * random.nextGaussian(), 0.05, 3);
            patients.add(new PatientErrors(
                    List.of(new PatientErrors.Sums(
                            values, 3, values, own * values, 1.01 * values, (own + 0.05) * values)),
                    Set.of(
                            i % 3 == 0 ? Subgroup.FEMALE : Subgroup.MALE,
                            i % 4 == 0 ? Subgroup.MOTION_HIGH : Subgroup.MOTION_LOW)));
        }
        return patients;
    }

    private void log(int round, String action, String... facts) {
        var entry = fixture.entry("coordinator", action, round).attempt(1);
        for (int i = 0; i < facts.length; i += 2) {
            entry = entry.fact(facts[i], facts[i + 1]);
        }
        fixture.append("coordinator", entry);
    }
}
