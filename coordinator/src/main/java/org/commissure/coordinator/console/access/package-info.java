/** Who may use the console: passwords, roles, sessions, and how fast somebody may guess. */
@NullMarked
package org.commissure.coordinator.console.access;

import org.jspecify.annotations.NullMarked;
