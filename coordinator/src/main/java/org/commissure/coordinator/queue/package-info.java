/** Runs that wait for their turn: what each waits for, and which one begins once nothing else is under way. */
@NullMarked
package org.commissure.coordinator.queue;

import org.jspecify.annotations.NullMarked;
