/** Functional connectivity, its dynamics, and the costs that compare a simulation with data. */
@NullMarked
package org.commissure.models.meanfield.statistics;

import org.jspecify.annotations.NullMarked;
