/** What a serving coordinator exports for Prometheus: what it may show its operator, and nothing of one site's update. */
@NullMarked
package org.commissure.coordinator.metrics;

import org.jspecify.annotations.NullMarked;
