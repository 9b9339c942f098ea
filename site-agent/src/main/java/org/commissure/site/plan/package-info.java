/**
 * Signed plans of studies and what the hospital's stewards say about them: what a study would do, what of the
 * hospital would leave, and whether an approval covers what a round asks.
 */
@NullMarked
package org.commissure.site.plan;

import org.jspecify.annotations.NullMarked;
