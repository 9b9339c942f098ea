package org.commissure.models.finetune;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Patients who train, who decide when to stop, and who are only predicted. A patient is on one side with all windows.
 *
 * @param training most patients
 * @param validation at least one
 * @param test at least one
 */
public record PatientSplit(Set<Integer> training, Set<Integer> validation, Set<Integer> test) {

    /** A fifth of the patients validates, a fifth tests. */
    public static final double SHARE = 0.2;

    public PatientSplit {
        training = Set.copyOf(training);
        validation = Set.copyOf(validation);
        test = Set.copyOf(test);
    }

    /**
     * Shuffles distinct patients and deals them out.
     *
     * @throws IllegalArgumentException if there are fewer than five patients
     */
    public static PatientSplit of(List<LabelledWindow> windows, long seed) {
        int[] patients = windows.stream()
                .mapToInt(LabelledWindow::patient)
                .distinct()
                .sorted()
                .toArray();
        if (patients.length < 5) {
            throw new IllegalArgumentException(
                    patients.length + " patients are too few to train, validate and test on different ones");
        }
        var random = new SplittableRandom(seed);
        for (int i = patients.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = patients[i];
            patients[i] = patients[j];
            patients[j] = swap;
        }
        int share = Math.max(1, (int) Math.round(SHARE * patients.length));
        return new PatientSplit(
                set(patients, 2 * share, patients.length), set(patients, share, 2 * share), set(patients, 0, share));
    }

    private static Set<Integer> set(int[] patients, int from, int to) {
        Set<Integer> set = new HashSet<>();
        Arrays.stream(patients, from, to).forEach(set::add);
        return set;
    }

    /** The windows of some patients, in the given order. */
    public static List<LabelledWindow> of(Set<Integer> patients, List<LabelledWindow> windows) {
        return windows.stream().filter(w -> patients.contains(w.patient())).toList();
    }
}
