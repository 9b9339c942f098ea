/** A site's home in one sealed file, and back, without ever replacing a newer privacy ledger. */
@NullMarked
package org.commissure.site.backup;

import org.jspecify.annotations.NullMarked;
