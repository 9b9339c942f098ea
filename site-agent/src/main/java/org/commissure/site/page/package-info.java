/** What the pages that a site writes share. */
@NullMarked
package org.commissure.site.page;

import org.jspecify.annotations.NullMarked;
