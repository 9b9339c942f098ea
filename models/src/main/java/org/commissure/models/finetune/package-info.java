/**
 * What a pretrained encoder is for: heads that predict one number or class of a patient from the encoder's embedding,
 * and the plain predictors that they have to beat.
 */
@NullMarked
package org.commissure.models.finetune;

import org.jspecify.annotations.NullMarked;
