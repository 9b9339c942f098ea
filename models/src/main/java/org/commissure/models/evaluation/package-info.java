/** Statistics of a model on held-out patients, as sums that may be added across sites. */
@NullMarked
package org.commissure.models.evaluation;

import org.jspecify.annotations.NullMarked;
