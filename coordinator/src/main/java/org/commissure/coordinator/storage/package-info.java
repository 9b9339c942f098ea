/**
 * What the coordinator must not forget: sites, tokens, events of runs, and the outbox of the
 * transparency log, in one SQLite database (WAL, synchronous=FULL).
 */
@NullMarked
package org.commissure.coordinator.storage;

import org.jspecify.annotations.NullMarked;
