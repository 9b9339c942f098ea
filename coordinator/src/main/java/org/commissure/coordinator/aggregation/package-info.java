/**
 * Opaque vectors: masked uploads on disk, their sum in the ring, the decoded sum, the next model.
 * Nothing here knows what a model is; memory is O(model), whatever the number of sites.
 */
@NullMarked
package org.commissure.coordinator.aggregation;

import org.jspecify.annotations.NullMarked;
