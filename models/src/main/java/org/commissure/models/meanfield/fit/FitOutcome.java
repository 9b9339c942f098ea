package org.commissure.models.meanfield.fit;

import java.util.List;

/**
 * What a fit found.
 *
 * @param chosen best on the validation split first; empty where every candidate diverged
 * @param curves lowest training cost of each generation or iteration, one list for each search
 */
public record FitOutcome(List<Chosen> chosen, List<List<Double>> curves) {
    public FitOutcome {
        chosen = List.copyOf(chosen);
        curves = curves.stream().map(List::copyOf).toList();
    }
}
