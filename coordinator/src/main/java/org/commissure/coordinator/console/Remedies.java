package org.commissure.coordinator.console;

import java.util.Map;
import org.commissure.privacy.audit.Actions;

/** What to do about a failure, by the log's word for it. */
final class Remedies {
    private static final Map<String, String> BY_ACTION = Map.ofEntries(
            Map.entry(
                    Actions.ENROLMENT_REFUSED,
                    "send the site a new invitation: commissure coordinator invite --site NAME"),
            Map.entry(
                    Actions.CONNECTION_REFUSED,
                    "ask the site's administrator for 'commissure site preflight'; a revoked site needs 'sites readmit', one"
                            + " whose certificate ended a new invitation"),
            Map.entry(Actions.PLAN_REFUSED, "speak with the site's data steward; publish a changed plan"),
            Map.entry(Actions.PLAN_REVOKED, "speak with the site's data steward; the run goes on without the site"),
            Map.entry(Actions.RUN_REFUSED, "correct what the cause names and start the run again"),
            Map.entry(
                    Actions.INVITATION_REFUSED,
                    "the site's policy, budget, cohort or approval does not allow it; its steward decides, see"
                            + " 'commissure site policy show' there"),
            Map.entry(Actions.SUM_UNCHECKED, "nothing is wrong with the sum; a survivor did not help to check it"),
            Map.entry(Actions.SUM_ABORTED, "nothing: the same sum is tried again with fresh keys and noise"),
            Map.entry(
                    Actions.SITE_DROPPED,
                    "look at the site's agent and connection; it is invited again to the next sum"),
            Map.entry(
                    Actions.MESSAGE_REFUSED,
                    "compare the versions of both sides; if they are the same, treat it as an attack and keep the log"),
            Map.entry(
                    Actions.STEP_FAILED, "the site's administrator reads 'commissure site status' and its process log"),
            Map.entry(Actions.EVALUATION_UNAVAILABLE, "nothing: the model stands, and the next round is scored again"),
            Map.entry(Actions.ROUND_ABORTED, "see why the round's attempts were aborted; two such rounds end the run"),
            Map.entry(Actions.RUN_FINISHED, "remove the cause and start a new run"),
            Map.entry(
                    Actions.CHECKPOINT_REFUSED,
                    "a site saw a log that does not extend the one it knew: stop, keep both copies, and call the privacy"
                            + " officers"));

    private Remedies() {}

    static String of(String action) {
        return BY_ACTION.getOrDefault(action, "read the entry's neighbours in the log");
    }

    /** Whether the word itself says that something failed. */
    static boolean known(String action) {
        return BY_ACTION.containsKey(action) && !action.equals(Actions.RUN_FINISHED);
    }
}
