/** Files that are whole or absent after a crash. */
@NullMarked
package org.commissure.privacy.durable;

import org.jspecify.annotations.NullMarked;
