package org.commissure.models.meanfield.fit;

/**
 * One subject's parameters and how well they explain that subject; as private as the series they come from.
 *
 * @param parameters w, I, G, σ, [3·regions + 1]
 * @param fcCorrelation with the subject's own connectivity, under noise the fit has not seen
 * @param groupFcCorrelation of the group's parameters under the same noise: what the individual fit adds to
 * @param ks of the subject's dynamics, or −1 where the scan gave none
 * @param iteration whose parameters were kept
 */
public record SubjectResult(
        String subject,
        double[] parameters,
        double fcCorrelation,
        double groupFcCorrelation,
        double ks,
        int iteration,
        String haemodynamics,
        long seed) {
    /** The same result under another name. */
    public SubjectResult named(String name) {
        return new SubjectResult(
                name, parameters, fcCorrelation, groupFcCorrelation, ks, iteration, haemodynamics, seed);
    }
}
