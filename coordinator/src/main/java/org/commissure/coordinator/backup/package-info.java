/** A coordinator's home in one file, taken while it serves, and restored only where everything fits. */
@NullMarked
package org.commissure.coordinator.backup;

import org.jspecify.annotations.NullMarked;
