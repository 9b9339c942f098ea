/** What a running agent exports for the hospital's Prometheus, on loopback. Names no patient and counts no cohort. */
@NullMarked
package org.commissure.site.metrics;

import org.jspecify.annotations.NullMarked;
