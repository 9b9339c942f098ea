/** How well a released model reconstructs the sealed external cohort, as statistics that sites can add. */
@NullMarked
package org.commissure.site.evaluation;

import org.jspecify.annotations.NullMarked;
