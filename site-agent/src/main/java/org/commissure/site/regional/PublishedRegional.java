package org.commissure.site.regional;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.federated.SiteRefinement;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.v1.SumKind;

/** What a site reads from the published vector of a study. */
final class PublishedRegional {
    private PublishedRegional() {}

    /** The fitted candidates, and the mean over sites where there was a refinement. */
    static List<RegionalParameters> candidates(double[] published, RegionalVectors vectors) {
        List<RegionalParameters> candidates = new ArrayList<>();
        for (int i = 0; i < RegionalVectors.FITTED; i++) {
            candidates.add(parameters(published, vectors.offset(SumKind.FIT) + i * vectors.candidate(), vectors));
        }
        if (sites(published, vectors) > 0) {
            candidates.add(RegionalParameters.ofVector(prior(published, vectors).parameters()));
        }
        return candidates;
    }

    /** Where the next refinement starts. */
    static SiteRefinement.Prior prior(double[] published, RegionalVectors vectors) {
        double sites = sites(published, vectors);
        if (sites == 0) {
            return SiteRefinement.Prior.first(
                    parameters(published, vectors.offset(SumKind.FIT), vectors).toVector());
        }
        int at = vectors.offset(SumKind.REFINE);
        int count = vectors.candidate();
        double[] sum = Arrays.copyOfRange(published, at, at + count);
        double[] squares = new double[count];
        int diagonal = at + count;
        for (int i = 0; i < count; i++) {
            squares[i] = published[diagonal];
            diagonal += count - i;
        }
        return SiteRefinement.Prior.of(sum, squares, sites);
    }

    /** Sites in the newest refinement; 0 before the first. */
    private static double sites(double[] published, RegionalVectors vectors) {
        return published[vectors.offset(SumKind.REFINE) + vectors.length(SumKind.REFINE) - 1];
    }

    private static RegionalParameters parameters(double[] published, int at, RegionalVectors vectors) {
        return RegionalParameters.ofVector(Arrays.copyOfRange(published, at, at + vectors.candidate()));
    }
}
