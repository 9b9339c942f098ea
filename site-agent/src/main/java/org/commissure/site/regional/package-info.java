/** What a site does in a study of kind regional: statistics, the fit where it is elected, refinement, scores. */
@NullMarked
package org.commissure.site.regional;

import org.jspecify.annotations.NullMarked;
