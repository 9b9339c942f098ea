package org.commissure.privacy.dp;

/**
 * An (ε, δ) guarantee for one patient. ε is an upper bound.
 *
 * @param order Rényi order α at which the bound was attained; 0 where nothing was spent
 */
public record Guarantee(double epsilon, double delta, double order) {}
