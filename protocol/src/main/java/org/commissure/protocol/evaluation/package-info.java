/**
 * Sealed evaluation: what a site adds to a secure sum about a model on its external patients, and what a reader makes of
 * the sum. {@link org.commissure.protocol.evaluation.PredictionSums} is for models that predict a number or a class,
 * {@link org.commissure.protocol.evaluation.ReconstructionLayout} for masked reconstruction. All is a pure function of the
 * sums, so that anybody who has them arrives at the same metrics.
 */
@NullMarked
package org.commissure.protocol.evaluation;

import org.jspecify.annotations.NullMarked;
