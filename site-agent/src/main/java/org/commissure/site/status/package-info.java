/** What a site's folder says about the site, read without disturbing the agent. */
@NullMarked
package org.commissure.site.status;

import org.jspecify.annotations.NullMarked;
