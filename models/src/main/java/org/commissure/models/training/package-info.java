/**
 * Local training of any masked autoencoder on one machine's scans.
 *
 * <p>{@link org.commissure.models.training.TrainingRun} takes a {@link org.commissure.models.training.TrainingPlan} and
 * a list of {@link org.commissure.models.training.Scan}s. {@code Batches} prepares windows in the background, a
 * {@code Learner} takes the steps, {@code CheckpointFile} keeps them, {@link org.commissure.models.training.Evaluation}
 * scores held-out patients, and {@link org.commissure.models.training.MetricsLog} and
 * {@link org.commissure.models.training.TrainingCurve} show how it went. Whatever is random follows from the plan's
 * seed and counters, never from what was drawn before: so a resumed run is the uninterrupted one, bit for bit.
 */
@NullMarked
package org.commissure.models.training;

import org.jspecify.annotations.NullMarked;
