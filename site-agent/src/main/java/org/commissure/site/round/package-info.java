/** One attempt at one secure sum as the site sees it, one file per phase. */
@NullMarked
package org.commissure.site.round;

import org.jspecify.annotations.NullMarked;
