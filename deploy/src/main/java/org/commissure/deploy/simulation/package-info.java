/** How a federation would behave with many sites, on one machine. */
@NullMarked
package org.commissure.deploy.simulation;

import org.jspecify.annotations.NullMarked;
