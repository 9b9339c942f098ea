package org.commissure.site.science;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Accuracies that Li et al. (2020) published, table of strategies by site, and the larger class's share of their
 * patients. Comparators that are printed, never targets.
 *
 * <p>What their text leaves open was read from the authors' public code (github.com/xxlya/Fed_ABIDE): scaling by site,
 * dropout, equal weights, twenty steps between averages, a vote of the windows.
 */
final class Li2020 {
    static final String CITATION = "Li et al. 2020, Medical Image Analysis 65:101765";

    /** @param site as the paper names it */
    record Published(String site, double single, double federated, double mix, double majority) {}

    private static final Published UM = new Published("UM", .648, .728, .740, .511);
    private static final Published UCLA = new Published("UCLA", .571, .712, .710, .587);
    private static final Map<String, Published> BY_SITE = Map.of(
            "NYU", new Published("NYU", .601, .647, .671, .563),
            "UM", UM,
            "UM1", UM,
            "UM_1", UM,
            "USM", new Published("USM", .695, .849, .829, .635),
            "UCLA", UCLA,
            "UCLA1", UCLA,
            "UCLA_1", UCLA);

    private Li2020() {}

    /** Of a site by the name that ABIDE's releases give it; empty if it is not in the paper. */
    static Optional<Published> of(String site) {
        return Optional.ofNullable(BY_SITE.get(site));
    }

    /**
     * How the rerun differs.
     *
     * @param parcels of the series
     * @param missing sites of the paper that take no part
     */
    static List<String> differences(
            PaperTable.Setting setting, int parcels, List<String> missing, List<String> others) {
        List<String> differences = new ArrayList<>();
        if (!missing.isEmpty()) {
            differences.add("Of the paper's sites " + ScoreText.list(missing) + " take no part here"
                    + (others.isEmpty() ? "" : "; " + ScoreText.list(others) + " are not in the paper")
                    + ". So federated and mix learn from other patients than the paper's.");
        }
        differences.add("Parcels: " + parcels
                + (parcels == 111 ? ", Harvard-Oxford as in the paper." : ", not the paper's 111 of Harvard-Oxford."));
        differences.add("Series: as they are in the folder; the paper's were band-passed (0.01–0.1 Hz). Patients whose"
                + " series fails the admission check are left out.");
        differences.add(
                "Windows of " + setting.windowFrames() + " frames every " + setting.stride()
                        + " frames (paper: 32, every frame). Negative correlations are kept; the authors' code sets them to 0.");
        differences.add("The perceptron has " + setting.design().hidden()
                + " hidden units, ReLU and dropout " + setting.design().dropout()
                + " (the authors': 16, 8 for single sites and cross) and no batch normalisation, whose running means"
                + " would have to be averaged as well.");
        differences.add("Adam at " + setting.design().learningRate() + " for "
                + setting.design().steps()
                + " steps of " + setting.design().batch() + " windows a site, averaged every "
                + setting.design().localSteps()
                + " (paper: 1e-5, halved every 20 of 50 epochs of 60 steps, averaged every 20), weight decay"
                + " decoupled. Mix takes as many steps for each site.");
        differences.add("Folds hold both classes in proportion; the authors' are plain random.");
        differences.add("Intervals are over patients, given folds and first weights; with another seed the scores"
                + " move as well. Noise in the paper's manner is no differential privacy.");
        return differences;
    }
}
