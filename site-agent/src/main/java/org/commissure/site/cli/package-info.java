/** The site's command line. */
@NullMarked
package org.commissure.site.cli;

import org.jspecify.annotations.NullMarked;
