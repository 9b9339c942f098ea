/**
 * Reruns of published comparisons on cohorts that one machine may hold: sites are simulated here, and nothing of a real
 * federation takes part.
 */
@NullMarked
package org.commissure.site.science;

import org.jspecify.annotations.NullMarked;
