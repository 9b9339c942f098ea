package org.commissure.privacy.dp.planning;

/**
 * What one mode can do for a {@link PlanRequest}.
 *
 * @param feasible whether a sampling rate keeps ε and the noise within what was asked
 * @param samplingRate q, the smallest of those tried that is feasible; 1 where none is
 * @param noiseMultiplier σ: of each site in mode {@code local}; in mode {@code distributed} of the t − c sites
 *     whose noise is counted on, together
 * @param siteNoiseMultiplier what one site adds
 * @param steps T, noised steps of the whole study
 * @param epsilon reached, at most what was asked
 * @param noise standard deviation of one coordinate of a step's mean gradient, as a share of the clip norm: at the
 *     smallest site in mode {@code local}, of the whole sum in mode {@code distributed}
 * @param mostRounds rounds that this mode could do within what was asked; 0 for none
 * @param reason why not feasible; empty where it is
 */
public record PlanOption(
        PlanMode mode,
        boolean feasible,
        double samplingRate,
        double noiseMultiplier,
        double siteNoiseMultiplier,
        long steps,
        double epsilon,
        double noise,
        int mostRounds,
        String reason) {}
