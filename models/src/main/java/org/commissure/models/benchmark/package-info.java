/**
 * Training steps per second of this machine, ours and libtorch's side by side. Every engine runs in a process of its
 * own, so that memory is its own and one engine's settings do not slow the other; the processes take turns, step by
 * step, so that all meet the same noise of a shared machine.
 */
@NullMarked
package org.commissure.models.benchmark;

import org.jspecify.annotations.NullMarked;
