/**
 * Derivatives of the simulated functional connectivity by the model's parameters, exact up to rounding: the simulation
 * carries, beside its state, the derivative of the state along each direction (forward-mode differentiation).
 */
@NullMarked
package org.commissure.models.meanfield.tangent;

import org.jspecify.annotations.NullMarked;
