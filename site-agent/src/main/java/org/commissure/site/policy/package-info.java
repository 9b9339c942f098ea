/** What this hospital allows: read from its own file at every invitation, never from the coordinator. */
@NullMarked
package org.commissure.site.policy;

import org.jspecify.annotations.NullMarked;
