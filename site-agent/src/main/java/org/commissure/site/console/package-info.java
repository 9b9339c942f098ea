/**
 * The site's console: pages for a hospital's data steward, administrator and privacy officer, on loopback only. It reads
 * the site's folder as the commands do, decides through the same desks, runs on threads of its own, and nothing of a round
 * waits for it.
 */
@NullMarked
package org.commissure.site.console;

import org.jspecify.annotations.NullMarked;
