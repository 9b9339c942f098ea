package org.commissure.models.meanfield.fit;

/** Told about a fit as it goes, on the fit's thread. */
@FunctionalInterface
public interface FitListener {
    FitListener NONE = progress -> {};

    void progressed(FitProgress progress);
}
