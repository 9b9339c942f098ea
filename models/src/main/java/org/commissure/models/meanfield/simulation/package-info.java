/** Engines that integrate the regional mean-field model in time. */
@NullMarked
package org.commissure.models.meanfield.simulation;

import org.jspecify.annotations.NullMarked;
