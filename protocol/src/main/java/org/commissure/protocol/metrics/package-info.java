/** What a running process exports for Prometheus. */
@NullMarked
package org.commissure.protocol.metrics;

import org.jspecify.annotations.NullMarked;
