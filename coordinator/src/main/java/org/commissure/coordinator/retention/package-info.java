/** How long files of ended runs are kept: what there is, what may go, and what is lost with it. */
@NullMarked
package org.commissure.coordinator.retention;

import org.jspecify.annotations.NullMarked;
