package org.commissure.coordinator.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.KeptCheckpoint;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.UserError;

/**
 * What the transparency log says of one run. Sites write their own entries, so a value is believed to
 * be what the site said, and no more; one that is no number counts as not said.
 */
final class LogFacts {
    static final String COORDINATOR = "coordinator";

    private static final String SUM = "sum";
    static final String EVALUATE = "EVALUATE";

    private final RunReport.Log log;
    private final List<LoggedEntry> entries;

    private LogFacts(RunReport.Log log, List<LoggedEntry> entries) {
        this.log = log;
        this.entries = entries;
    }

    /** Never fails: what is wrong with the log is in the result. */
    static LogFacts of(Path logFolder, String runId) {
        try {
            LogVerification verified = LogVerifier.verify(logFolder);
            Optional<String> problem = verified.problem()
                    .or(() -> verified.firstBadEntry().map(bad -> "entry " + bad.index() + ": " + bad.problem()));
            RunReport.Log log = new RunReport.Log(
                    verified.ok(),
                    verified.size(),
                    verified.rootHex(),
                    verified.origin(),
                    verified.authoritySha256(),
                    verified.ok() ? null : problem.orElse("it does not verify"));
            // Entries of a log that does not verify prove nothing, so none are quoted.
            return new LogFacts(log, verified.ok() ? entriesOf(logFolder, runId) : List.of());
        } catch (UserError e) {
            return new LogFacts(new RunReport.Log(false, 0, "", "", "", e.getMessage()), List.of());
        }
    }

    /**
     * What a log said when {@code note} was its checkpoint.
     *
     * @param verified the log's verification now, which is fine and extends {@code note}
     * @throws UserError if the log cannot be read, or {@code note} is not one of its checkpoints
     */
    static LogFacts of(Path logFolder, String runId, LogVerification verified, String note) {
        KeptCheckpoint then = KeptCheckpoint.open(logFolder, note)
                .orElseThrow(() -> new UserError(
                        "the kept checkpoint is not signed with the key of the log in " + logFolder,
                        "name the log of the federation that the report is from"));
        return new LogFacts(
                new RunReport.Log(
                        true, then.size(), then.rootHex(), verified.origin(), verified.authoritySha256(), null),
                entriesOf(logFolder, runId).stream()
                        .filter(entry -> entry.index() < then.size())
                        .toList());
    }

    private static List<LoggedEntry> entriesOf(Path logFolder, String runId) {
        return LogReader.read(logFolder).stream()
                .filter(logged -> logged.entry().getRunId().equals(runId))
                .toList();
    }

    RunReport.Log log() {
        return log;
    }

    /** The sum over external cohorts that was opened in {@code round}. */
    Optional<RunReport.EvaluationSum> evaluationSum(int round) {
        return by(COORDINATOR, Actions.SUM_RELEASED)
                .filter(logged -> logged.entry().getRound() == round && isOf(logged, EVALUATE))
                .flatMap(logged -> Facts.text(logged.entry(), "sum_sha256").stream()
                        .map(sha256 -> new RunReport.EvaluationSum(sha256, survivors(logged), logged.index())))
                .reduce((earlier, later) -> later);
    }

    /** The names in an entry's fact {@code survivors}. */
    static List<String> survivors(LoggedEntry logged) {
        return Facts.text(logged.entry(), "survivors")
                .filter(names -> !names.isBlank())
                .map(names -> List.of(names.split(" ")))
                .orElse(List.of());
    }

    static boolean isOf(LoggedEntry logged, String sum) {
        return Facts.text(logged.entry(), SUM).filter(sum::equals).isPresent();
    }

    /** How many patients a site sealed, as it said. */
    Optional<SealedPatients> sealedPatients(String site) {
        return by(site).flatMap(entry -> SealedPatients.in(entry).stream()).findFirst();
    }

    /** The highest ε a site stated in this run: a ledger that forgets is not rewarded. */
    Optional<RunReport.PrivacySpent> privacy(String site) {
        List<LoggedEntry> charges = by(site, Actions.PRIVACY_CHARGED).toList();
        return charges.stream()
                .flatMap(charge -> RunReport.PrivacySpent.stated(charge, charges.size()).stream())
                .max((a, b) -> Double.compare(a.epsilonSpent(), b.epsilonSpent()));
    }

    Optional<String> externalCohortSha256(String site) {
        return by(site, Actions.COHORT_SEALED)
                .flatMap(entry -> Facts.text(entry.entry(), "external_sha256").stream())
                .filter(hex -> hex.matches("[0-9a-f]{64}"))
                .findFirst();
    }

    /** Why the model of {@code round} was not scored, in the coordinator's words. */
    Optional<String> evaluationFailure(int round) {
        return by(COORDINATOR, Actions.EVALUATION_UNAVAILABLE)
                .filter(logged -> logged.entry().getRound() == round)
                .map(logged -> logged.entry().getDetail())
                .reduce((earlier, later) -> later)
                .or(() -> abort(round, EVALUATE));
    }

    /** Why {@code round} released no sum, in the coordinator's words. */
    Optional<String> trainingFailure(int round) {
        return abort(round, "TRAIN");
    }

    private Optional<String> abort(int round, String sum) {
        return by(COORDINATOR, Actions.SUM_ABORTED)
                .filter(logged -> logged.entry().getRound() == round)
                .filter(logged -> isOf(logged, sum))
                .map(logged -> logged.entry().getDetail())
                .reduce((earlier, later) -> later);
    }

    Stream<LoggedEntry> by(String actor) {
        return entries.stream().filter(logged -> logged.actorName().equals(actor));
    }

    Stream<LoggedEntry> by(String actor, String action) {
        return by(actor).filter(logged -> logged.entry().getAction().equals(action));
    }
}
