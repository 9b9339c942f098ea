/**
 * The next frames of a scan from those before: masked autoencoders, a neural differential equation and plain courses,
 * scored step by step on the same patients.
 */
@NullMarked
package org.commissure.models.future;

import org.jspecify.annotations.NullMarked;
