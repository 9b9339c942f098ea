package org.commissure.models.multisite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Cross-validation by patient: families stay together, and each fold has its share of both classes. */
public final class PatientFolds {
    private PatientFolds() {}

    /**
     * Deals families out, those whose first member is of one class after the other.
     *
     * @return of each patient the fold, counted from 0
     * @throws IllegalArgumentException if a class has fewer families than there are folds
     */
    public static int[] of(ConnectivitySite site, int folds, long seed) {
        Map<String, List<Integer>> families = new LinkedHashMap<>();
        for (int i = 0; i < site.patients().size(); i++) {
            families.computeIfAbsent(site.patients().get(i).family(), f -> new ArrayList<>())
                    .add(i);
        }
        int[] fold = new int[site.patients().size()];
        int next = 0;
        for (int label = 0; label < 2; label++) {
            int wanted = label;
            List<List<Integer>> ofClass = new ArrayList<>(families.values().stream()
                    .filter(members -> site.patients().get(members.getFirst()).label() == wanted)
                    .toList());
            if (ofClass.size() < folds) {
                throw new IllegalArgumentException(site.name() + " has " + ofClass.size() + " patients of class "
                        + label + " (families count once); " + folds + " folds need at least as many");
            }
            Collections.shuffle(ofClass, new Random(seed + label));
            for (List<Integer> members : ofClass) {
                for (int member : members) {
                    fold[member] = next % folds;
                }
                next++;
            }
        }
        return fold;
    }
}
