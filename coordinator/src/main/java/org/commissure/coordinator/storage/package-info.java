/**
 * What the coordinator must not forget: sites, tokens, events of runs, and the outbox of the
 * transparency log, in one SQLite database (WAL, synchronous=FULL) or one of PostgreSQL. Where the two want other SQL,
 * {@link Vendor} and the migrations have it; every statement of a store runs on both.
 */
@NullMarked
package org.commissure.coordinator.storage;

import org.jspecify.annotations.NullMarked;
