/** How long a site keeps files of runs that it no longer takes part in. */
@NullMarked
package org.commissure.site.retention;

import org.jspecify.annotations.NullMarked;
