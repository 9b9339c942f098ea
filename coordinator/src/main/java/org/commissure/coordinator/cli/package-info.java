/** The command line {@code commissure coordinator …}. */
@NullMarked
package org.commissure.coordinator.cli;

import org.jspecify.annotations.NullMarked;
