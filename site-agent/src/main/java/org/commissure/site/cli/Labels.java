package org.commissure.site.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.commissure.models.finetune.Task;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.Subject;

/**
 * What shall be predicted of whom.
 *
 * @param targets numbers, or indices into {@code classes}
 * @param classes the column's values in alphabetical order; empty for a regression
 * @param unknown admitted patients of whom the column says nothing
 */
record Labels(Task task, List<Subject> subjects, List<Double> targets, List<String> classes, int unknown) {
    /** A column with more different values is numbers or free text. */
    private static final int MAXIMUM_CLASSES = 20;

    static Labels of(PooledCohort cohort, String column, Task task) {
        Map<Subject, String> known = cohort.known(column);
        List<String> classes = List.copyOf(new TreeSet<>(known.values()));
        int unknown = cohort.subjects().size() - known.size();
        if (task == Task.CLASSIFICATION && (classes.size() < 2 || classes.size() > MAXIMUM_CLASSES)) {
            throw new UserError(
                    "column " + column + " has " + classes.size() + " different values among the admitted patients",
                    "a classification needs 2 to " + MAXIMUM_CLASSES + "; for numbers say --task regression");
        }
        List<Double> targets = new ArrayList<>();
        for (String value : known.values()) {
            targets.add(task == Task.CLASSIFICATION ? classes.indexOf(value) : number(column, value));
        }
        return new Labels(
                task,
                List.copyOf(known.keySet()),
                List.copyOf(targets),
                task == Task.CLASSIFICATION ? classes : List.of(),
                unknown);
    }

    private static double number(String column, String value) {
        try {
            double number = Double.parseDouble(value);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below; the value itself is a patient's and is not printed
        }
        throw new UserError(
                "column " + column + " has a value that is not a number",
                "write n/a where it is unknown, or say --task classification");
    }
}
