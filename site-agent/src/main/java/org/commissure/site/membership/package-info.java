/** Who this site is: its keys and certificates, whom it trusts, and how all of that is renewed while it runs. */
@NullMarked
package org.commissure.site.membership;

import org.jspecify.annotations.NullMarked;
