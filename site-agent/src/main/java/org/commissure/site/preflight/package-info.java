/** What an administrator checks before a site joins, and after something stopped working. */
@NullMarked
package org.commissure.site.preflight;

import org.jspecify.annotations.NullMarked;
