/**
 * Replays golden cases: inputs, weights and outputs that the original code computed, against an engine that is known
 * only by its interface.
 */
@NullMarked
package org.commissure.models.golden;

import org.jspecify.annotations.NullMarked;
