/** Differences between sites taken out of features, from sums over sites. */
@NullMarked
package org.commissure.models.harmonise;

import org.jspecify.annotations.NullMarked;
