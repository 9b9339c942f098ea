package org.commissure.models.multisite;

/**
 * One way to train.
 *
 * @param kind which
 * @param trainingSite whose patients a {@link Kind#CROSS} model saw; empty otherwise
 */
public record Strategy(Kind kind, String trainingSite) {

    /** Ways to train, as Li et al. (2020) name them, and plain predictors beside. */
    public enum Kind {
        /** A model for each site, of its own training patients. */
        SINGLE,
        /** A model of all patients of one site, on the patients of the others. */
        CROSS,
        /** Sites average their parameters every few steps. */
        FEDERATED,
        /** The same, with noise on what is shared. */
        FEDERATED_WITH_NOISE,
        /** One model of the training patients of all sites. */
        MIX,
        /** Ridge regression on the connectivity of whole scans, of one site. */
        RIDGE_SINGLE,
        /** The same on the training patients of all sites; federated sums give exactly that. */
        RIDGE_MIX
    }

    static Strategy of(Kind kind) {
        return new Strategy(kind, "");
    }
}
