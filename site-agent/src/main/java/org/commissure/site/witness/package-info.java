/** The site's agent as a witness of the federation's log. */
@NullMarked
package org.commissure.site.witness;

import org.jspecify.annotations.NullMarked;
