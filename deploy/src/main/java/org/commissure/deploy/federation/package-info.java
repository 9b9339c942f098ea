/** A whole federation of real processes on one machine, started through the launcher. */
@NullMarked
package org.commissure.deploy.federation;

import org.jspecify.annotations.NullMarked;
