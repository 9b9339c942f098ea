/**
 * The course of a run. {@link org.commissure.coordinator.round.RunMachine} is a pure function
 * {@code (state, event) -> (state, commands)}; one file per {@link
 * org.commissure.coordinator.round.RoundPhase} says what is awaited and where every failure goes.
 * {@link org.commissure.coordinator.round.RunEngine} is the thin shell: it persists an event, then
 * executes the commands, so that killing the process after any event and replaying loses nothing.
 */
@NullMarked
package org.commissure.coordinator.round;

import org.jspecify.annotations.NullMarked;
