/** Candidates of the regional model, scored in batches over all cores. */
@NullMarked
package org.commissure.models.meanfield.scoring;

import org.jspecify.annotations.NullMarked;
