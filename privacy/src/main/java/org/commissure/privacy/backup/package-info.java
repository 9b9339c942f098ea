/** One file that holds a home: hashed, where a passphrase is given encrypted, and extracted only whole. */
@NullMarked
package org.commissure.privacy.backup;

import org.jspecify.annotations.NullMarked;
