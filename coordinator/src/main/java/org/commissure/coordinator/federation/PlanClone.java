package org.commissure.coordinator.federation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.TomlEdit;
import org.commissure.protocol.config.TomlException;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.StudyPlan;

/** The study of a plan or run with some keys changed, as a new plan. Thread-safe. */
record PlanClone(PlanDesk plans, RunStore runs) {
    private static final int LEAST_DIGITS = 6;

    /** @param legalBasis of the newest plan of the study that was cloned; may be empty */
    record Cloned(String studyText, String legalBasis) {}

    /**
     * @param of a run's id, or how the hash of a plan begins
     * @param changes dotted keys and their values as TOML; an empty value leaves the key out
     * @throws UserError if there is no such study, or it could not be used with the changes
     */
    Cloned of(String of, Map<String, String> changes) {
        String source = source(of);
        String text = source;
        for (Map.Entry<String, String> change : changes.entrySet()) {
            try {
                text = TomlEdit.set(text, change.getKey(), change.getValue());
            } catch (TomlException e) {
                throw new UserError(String.valueOf(e.getMessage()), "correct --set " + change.getKey(), e);
            }
        }
        if (text.equals(source)) {
            throw new UserError("nothing is changed, so it is the same study", "change a key with --set KEY=VALUE");
        }
        try {
            var unused = StudyFile.parse(text);
        } catch (StudyException e) {
            throw new UserError("the changed study: " + e.getMessage(), "correct the key", e);
        }
        return new Cloned(
                text,
                plans.published().stream()
                        .filter(plan -> plan.getStudyText().equals(source))
                        .map(StudyPlan::getLegalBasis)
                        .findFirst()
                        .orElse(""));
    }

    private String source(String of) {
        Optional<String> run = runs.study(of);
        if (run.isPresent()) {
            return run.get();
        }
        List<String> found = of.length() < LEAST_DIGITS ? List.of() : plans.texts(of);
        if (found.size() != 1) {
            throw new UserError(
                    (found.isEmpty() ? "there is no run and no plan '" : "several plans begin with '") + of + "'",
                    "name a run's id, or at least " + LEAST_DIGITS + " digits of a plan ('plan list')");
        }
        return found.getFirst();
    }
}
