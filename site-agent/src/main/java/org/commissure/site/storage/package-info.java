/** The site's durable state: one SQLite file that survives a kill at any moment. */
@NullMarked
package org.commissure.site.storage;

import org.jspecify.annotations.NullMarked;
