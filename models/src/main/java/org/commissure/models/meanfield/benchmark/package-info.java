/** How many simulations of the regional model a machine does. */
@NullMarked
package org.commissure.models.meanfield.benchmark;

import org.jspecify.annotations.NullMarked;
