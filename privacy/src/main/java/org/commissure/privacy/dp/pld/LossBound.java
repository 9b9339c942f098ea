package org.commissure.privacy.dp.pld;

/**
 * ε as an upper bound, and how far the computation may have put it above the true value.
 *
 * @param epsilon at least the true ε
 * @param delta δ of the guarantee
 * @param error what halving the grid's interval for the last time took off, plus what cut-off mass and rounding
 *     put on. The first falls with the square of the interval, so it is about three times what is left. Where ε is less
 *     than 64 intervals that is no measure, and the error is ε itself
 * @param interval of the grid, in units of ε
 */
public record LossBound(double epsilon, double delta, double error, double interval) {}
