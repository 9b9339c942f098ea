/** Small studies and cohorts that tests share. */
@NullMarked
package org.commissure.site;

import org.jspecify.annotations.NullMarked;
