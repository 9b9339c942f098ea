/** Files that prove, without any network, that this hospital's masked update was one of n in a released sum. */
@NullMarked
package org.commissure.site.receipt;

import org.jspecify.annotations.NullMarked;
